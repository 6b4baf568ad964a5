"""A system bus of its own with stand-ins for the daemons that know the machine: logind, UPower, NetworkManager."""

import os
import shutil
import subprocess
import time

DAEMONS = {
    "org.freedesktop.login1": "logind",
    "org.freedesktop.UPower": "upower",
    "org.freedesktop.NetworkManager": "networkmanager",
}


def python():
    """The interpreter that has the stand-ins (python3-dbusmock), or None. The first one in PATH may be somebody's own."""
    folders = [*os.environ.get("PATH", "").split(os.pathsep), "/usr/bin"]
    for word in filter(None, (shutil.which("python3", path=folder) for folder in folders)):
        if subprocess.run([word, "-c", "import dbusmock"], capture_output=True).returncode == 0:
            return word
    return None


def possible():
    """Whether it can be brought up here."""
    return bool(shutil.which("dbus-daemon") and shutil.which("dbus-send") and python())


class Machine:
    """The bus and the stand-ins; `env` is what a program needs to find them."""

    def __init__(self, lab):
        self._seat = lab.seat()
        self._children = []
        self.env = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self._seat.folder('runtime') / 'system-bus'}"}

    def __enter__(self):
        address = self.env["DBUS_SYSTEM_BUS_ADDRESS"]
        self._spawn(["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={address}"])
        for name, template in DAEMONS.items():
            self._spawn([python(), "-m", "dbusmock", "--template", template])
            self._wait_for(name)
        return self

    def __exit__(self, *_):
        for child in reversed(self._children):
            child.terminate()
            child.wait()

    def _wait_for(self, name):
        bus = "org.freedesktop.DBus"
        ask = ["dbus-send", "--system", "--print-reply", f"--dest={bus}", "/", f"{bus}.NameHasOwner", f"string:{name}"]
        while self._children[-1].poll() is None:
            answer = subprocess.run(ask, env=self._environment(), capture_output=True, text=True)
            if "true" in answer.stdout:
                return
            time.sleep(0.05)

    def _spawn(self, words):
        quiet = subprocess.DEVNULL
        self._children.append(
            subprocess.Popen(words, stdin=quiet, stdout=quiet, stderr=quiet, env=self._environment())
        )

    def _environment(self):
        return {**self._seat.env, **self.env}
