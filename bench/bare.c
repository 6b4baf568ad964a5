// The floor of every measure: watch a folder with inotify and rename each finished *.pdf into another folder.
// No rules, no journal, no undo, no care for what is already there. Anything that does more can only be slower.
//
//   bare watch IN OUT        watch IN itself
//   bare watch-tree IN OUT   watch IN and every folder below it
//   bare sweep IN OUT        move what is in IN now, then end
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum { MASK = IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR };

static int inotify_fd;
static char **folders; // by watch descriptor
static size_t capacity;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int is_pdf(const char *name) {
    size_t length = strlen(name);
    return length > 4 && strcmp(name + length - 4, ".pdf") == 0;
}

static void move(const char *folder, const char *name, const char *out) {
    char from[PATH_MAX], to[PATH_MAX];
    snprintf(from, sizeof from, "%s/%s", folder, name);
    snprintf(to, sizeof to, "%s/%s", out, name);
    if (rename(from, to) != 0 && errno != ENOENT) perror(from);
}

static void watch(const char *folder) {
    int descriptor = inotify_add_watch(inotify_fd, folder, MASK);
    if (descriptor < 0) fail(folder);
    while ((size_t)descriptor >= capacity) {
        capacity = capacity ? capacity * 2 : 64;
        folders = realloc(folders, capacity * sizeof *folders);
        if (!folders) fail("realloc");
    }
    folders[descriptor] = strdup(folder);
}

static int visit(const char *path, const struct stat *info, int kind, struct FTW *place) {
    (void)info, (void)place;
    if (kind == FTW_D) watch(path);
    return 0;
}

static void follow(const char *out) {
    static char buffer[1 << 16] __attribute__((aligned(__alignof__(struct inotify_event))));
    for (;;) {
        ssize_t length = read(inotify_fd, buffer, sizeof buffer);
        if (length <= 0) fail("read");
        for (char *at = buffer; at < buffer + length;) {
            struct inotify_event *event = (struct inotify_event *)at;
            if (event->wd > 0 && event->len && is_pdf(event->name)) move(folders[event->wd], event->name, out);
            at += sizeof *event + event->len;
        }
    }
}

static void sweep(const char *in, const char *out) {
    DIR *folder = opendir(in);
    if (!folder) fail(in);
    for (struct dirent *entry; (entry = readdir(folder));)
        if (is_pdf(entry->d_name)) move(in, entry->d_name, out);
    closedir(folder);
}

int main(int count, char **words) {
    if (count != 4) {
        fputs("usage: bare watch|watch-tree|sweep IN OUT\n", stderr);
        return 2;
    }
    if (strcmp(words[1], "sweep") == 0) {
        sweep(words[2], words[3]);
        return 0;
    }
    inotify_fd = inotify_init1(IN_CLOEXEC);
    if (inotify_fd < 0) fail("inotify_init1");
    if (strcmp(words[1], "watch-tree") == 0) nftw(words[2], visit, 64, FTW_PHYS);
    else watch(words[2]);
    follow(words[3]);
}
