// The observer of the `window` measure: it asks for a window and looks at the screen until something is painted there.
// It is the same for every program and knows nothing of any of them.
//
//   eye hotkey               presses Ctrl+Alt+Space
//   eye start PROGRAM...     starts a program, and leaves it running
//       Either prints the nanoseconds from then until the screen shows a page: more colours than a window without
//       content has. Anti-aliased letters alone have that many.
//   eye away                 presses Ctrl+Alt+Space and waits until the screen is empty again
//
// The screen has to be empty before. Ends with status 1 where nothing is seen within twenty seconds.
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <X11/extensions/XTest.h>
#include <X11/keysym.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

enum { COLOURS = 16, PATIENCE_S = 20, BETWEEN_LOOKS_NS = 500000 };

static Display *display;
static XImage *screen;
static XShmSegmentInfo segment;

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int open_eye(void) {
    display = XOpenDisplay(NULL);
    if (!display || !XShmQueryExtension(display)) return 0;
    int number = DefaultScreen(display);
    screen = XShmCreateImage(display, DefaultVisual(display, number), DefaultDepth(display, number), ZPixmap, NULL,
                             &segment, DisplayWidth(display, number), DisplayHeight(display, number));
    if (!screen) return 0;
    segment.shmid = shmget(IPC_PRIVATE, screen->bytes_per_line * screen->height, IPC_CREAT | 0600);
    if (segment.shmid < 0) return 0;
    segment.shmaddr = screen->data = shmat(segment.shmid, NULL, 0);
    segment.readOnly = False;
    int attached = XShmAttach(display, &segment);
    XSync(display, False);
    shmctl(segment.shmid, IPC_RMID, NULL);
    return attached;
}

// How many different colours the screen shows, as far as COLOURS.
static int colours(void) {
    unsigned seen[COLOURS];
    int count = 0;
    XShmGetImage(display, DefaultRootWindow(display), screen, 0, 0, AllPlanes);
    for (int row = 0; row < screen->height; row++) {
        const unsigned *pixels = (const unsigned *)(screen->data + (size_t)row * screen->bytes_per_line);
        unsigned last = ~0u;
        for (int column = 0; column < screen->width; column++) {
            unsigned pixel = pixels[column] & 0xffffff;
            if (pixel == last) continue;
            last = pixel;
            int known = 0;
            while (known < count && seen[known] != pixel) known++;
            if (known < count) continue;
            seen[count++] = pixel;
            if (count == COLOURS) return count;
        }
    }
    return count;
}

static int wait_until_colours(int least, int most) {
    long long end = now() + PATIENCE_S * 1000000000LL;
    while (now() < end) {
        int count = colours();
        if (count >= least && count <= most) return 1;
        nanosleep(&(struct timespec){.tv_nsec = BETWEEN_LOOKS_NS}, NULL);
    }
    return 0;
}

static void press_hotkey(void) {
    static const KeySym keys[] = {XK_Control_L, XK_Alt_L, XK_space};
    for (int nr = 0; nr < 3; nr++) XTestFakeKeyEvent(display, XKeysymToKeycode(display, keys[nr]), True, 0);
    for (int nr = 2; nr >= 0; nr--) XTestFakeKeyEvent(display, XKeysymToKeycode(display, keys[nr]), False, 0);
    XFlush(display);
}

static int start(char **words) {
    pid_t child = fork();
    if (child == 0) {
        execvp(words[0], words);
        _exit(127);
    }
    return child > 0;
}

int main(int count, char **words) {
    if (count < 2 || !open_eye()) {
        fputs("usage: eye hotkey | start PROGRAM... | away, on a display that can be looked at\n", stderr);
        return 2;
    }
    long long begin = now();
    if (strcmp(words[1], "away") == 0) {
        press_hotkey();
        return wait_until_colours(0, 1) ? 0 : 1;
    }
    if (strcmp(words[1], "hotkey") == 0) press_hotkey();
    else if (strcmp(words[1], "start") != 0 || count < 3 || !start(words + 2)) return 2;
    if (!wait_until_colours(COLOURS, COLOURS)) return 1;
    printf("%lld\n", now() - begin);
    return 0;
}
