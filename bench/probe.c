// The observer of the measures that need microseconds. It is the same for every tool.
//
//   probe latency IN OUT COUNT SECONDS
//       Writes COUNT files one at a time into IN and looks for each in OUT without a pause. One line a file: the
//       nanoseconds from just before close() to the sight of the file in OUT, or "lost" after five seconds. Ends early
//       after SECONDS, or after three files lost.
//   probe burst IN OUT COUNT SECONDS
//       Writes COUNT files into IN as fast as it can while a thread notes their arrival in OUT. One line: nanoseconds
//       of writing, nanoseconds from the last close() to the last arrival (0 when it came before), files arrived.
//       Waits at most SECONDS after the last close().
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

enum { PAYLOAD = 4096, PAUSE_NS = 5000000 };

static const long long SECOND = 1000000000LL;
static const char payload[PAYLOAD];

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

// Writes one file and returns the moment just before its close().
static long long write_file(const char *folder, const char *kind, int number) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s-%d.pdf", folder, kind, number);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (file < 0) fail(path);
    if (write(file, payload, PAYLOAD) != PAYLOAD) fail(path);
    long long closing = now();
    close(file);
    return closing;
}

static int latency(const char *in, const char *out, int count, long long seconds) {
    long long end = now() + seconds * SECOND;
    int lost = 0;
    for (int number = 0; number < count && lost < 3 && now() < end; number++) {
        char arrival[PATH_MAX];
        snprintf(arrival, sizeof arrival, "%s/latency-%d.pdf", out, number);
        long long closed = write_file(in, "latency", number);
        long long seen;
        do {
            seen = access(arrival, F_OK) == 0 ? now() : 0;
        } while (!seen && now() < closed + 5 * SECOND);
        if (seen) printf("%lld\n", seen - closed);
        else puts("lost"), lost++;
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
    }
    return 0;
}

static struct {
    int inotify;
    int count;
    int arrived;
    long long last;
    char *seen;
} watcher;

static void note(const char *name) {
    int number;
    if (sscanf(name, "burst-%d.pdf", &number) != 1 || number < 0 || number >= watcher.count) return;
    if (watcher.seen[number]) return;
    watcher.seen[number] = 1;
    watcher.arrived++;
    watcher.last = now();
}

static void *count_arrivals(void *end_pointer) {
    static char buffer[1 << 18] __attribute__((aligned(__alignof__(struct inotify_event))));
    volatile long long *end = end_pointer;
    struct pollfd ready = {.fd = watcher.inotify, .events = POLLIN};
    while (watcher.arrived < watcher.count && (*end == 0 || now() < *end)) {
        if (poll(&ready, 1, 100) <= 0) continue;
        ssize_t length = read(watcher.inotify, buffer, sizeof buffer);
        for (char *at = buffer; at < buffer + length;) {
            struct inotify_event *event = (struct inotify_event *)at;
            if (event->len) note(event->name);
            at += sizeof *event + event->len;
        }
    }
    return NULL;
}

static int burst(const char *in, const char *out, int count, long long seconds) {
    static volatile long long end;
    watcher.inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    watcher.count = count;
    watcher.seen = calloc(count, 1);
    if (watcher.inotify < 0 || !watcher.seen) fail("burst");
    if (inotify_add_watch(watcher.inotify, out, IN_MOVED_TO | IN_CREATE) < 0) fail(out);
    pthread_t thread;
    if (pthread_create(&thread, NULL, count_arrivals, (void *)&end) != 0) fail("pthread_create");

    long long begin = now(), closed = begin;
    for (int number = 0; number < count; number++) closed = write_file(in, "burst", number);
    end = closed + seconds * SECOND;
    pthread_join(thread, NULL);

    long long lag = watcher.last > closed ? watcher.last - closed : 0;
    printf("%lld %lld %d\n", closed - begin, lag, watcher.arrived);
    return 0;
}

int main(int words, char **word) {
    if (words == 6 && strcmp(word[1], "latency") == 0)
        return latency(word[2], word[3], atoi(word[4]), atoll(word[5]));
    if (words == 6 && strcmp(word[1], "burst") == 0) return burst(word[2], word[3], atoi(word[4]), atoll(word[5]));
    fputs("usage: probe latency|burst IN OUT COUNT SECONDS\n", stderr);
    return 2;
}
