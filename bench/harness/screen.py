"""A display, a session bus and a tray that nobody else uses, for programs that will not start without them."""

import os
import shutil
import subprocess
import time


def possible():
    """Whether they can be brought up on this machine."""
    return bool(shutil.which("Xvfb") and shutil.which("dbus-daemon"))


class Screen:
    """Xvfb, dbus-daemon and tray_host.c; `env` is what a program needs to find them and to leave the graphics card
    alone."""

    def __init__(self, lab):
        self._seat = lab.seat()
        self._tray_host = lab.compile("tray_host", flags("dbus-1"))
        self._children = []

    def __enter__(self):
        read, write = os.pipe()
        self._spawn(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"], (write,))
        os.close(write)
        with os.fdopen(read) as answer:
            display = answer.readline().strip()
        bus = self._seat.folder("runtime") / "bus"
        self._spawn(["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address=unix:path={bus}"])
        while not bus.exists() and self._children[-1].poll() is None:
            time.sleep(0.01)
        self.env = {
            "DISPLAY": f":{display}",
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus}",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
            "NO_AT_BRIDGE": "1",
        }
        self._show_tray()
        return self

    def __exit__(self, *_):
        for child in reversed(self._children):
            child.terminate()
            child.wait()

    def _show_tray(self):
        child = subprocess.Popen([self._tray_host], env={**self._seat.env, **self.env}, stdout=subprocess.PIPE)
        self._children.append(child)
        child.stdout.readline()

    def _spawn(self, words, keep=()):
        quiet = subprocess.DEVNULL
        self._children.append(
            subprocess.Popen(words, stdin=quiet, stdout=quiet, stderr=quiet, env=self._seat.env, pass_fds=keep)
        )


def flags(library):
    """What the compiler has to be told to use a library."""
    words = ["pkg-config", "--cflags", "--libs", library]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()
