"""watchman with a trigger.

Its settle time stays at its default of 20 ms: at 1 ms, version 4.9 was seen to leave files of a burst behind.
"""

import json
import subprocess
import time

from harness.process import Running
from harness.ready import NotReady
from tools.tool import Tool


class Watchman(Tool):
    """A watchman server in the foreground and one trigger that calls mv."""

    name = "watchman"
    program = "watchman"
    install = "apt-get install watchman"

    def start(self, seat):
        socket = seat.folder("runtime") / "watchman.sock"
        state = seat.folder("state")
        running = Running(
            [self.path, "--foreground", "--no-save-state", f"--sockname={socket}", f"--logfile={state / 'log'}",
             f"--statefile={state / 'state'}", f"--pidfile={state / 'pid'}"],
            seat,
        )  # fmt: skip
        try:
            self._wait_for(socket, running)
            self._ask(socket, seat, ["watch", str(seat.inbox)])
            self._ask(socket, seat, ["trigger", str(seat.inbox), self._trigger(seat)])
        except (NotReady, subprocess.SubprocessError):
            running.stop()
            raise NotReady("the server did not answer") from None
        return running

    @staticmethod
    def _trigger(seat):
        depth = [] if seat.recursive else [["dirname", "", ["depth", "eq", 0]]]
        return {
            "name": "move",
            "expression": ["allof", ["type", "f"], ["exists"], ["match", "*.pdf"], *depth],
            "stdin": "NAME_PER_LINE",
            "command": ["xargs", "-d", "\\n", "mv", "-n", "-t", str(seat.outbox)],
        }

    @staticmethod
    def _wait_for(socket, running):
        for _ in range(1000):
            if socket.exists():
                return
            if running.ended():
                break
            time.sleep(0.005)
        raise NotReady("no socket")

    def _ask(self, socket, seat, request):
        subprocess.run([self.path, "--no-spawn", f"--sockname={socket}", "-j"], input=json.dumps(request).encode(),
                       env=seat.env, check=True, timeout=120, capture_output=True)  # fmt: skip
