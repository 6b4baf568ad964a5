"""The floor: bare.c, compiled by the laboratory."""

from harness.process import Running
from tools.tool import Tool


class Bare(Tool):
    """inotify and rename(2) in a loop, nothing else."""

    name = "bare loop"
    sweeps = True

    def present(self):
        return True

    def start(self, seat):
        mode = "watch-tree" if seat.recursive else "watch"
        return Running([self.lab.bare, mode, seat.inbox, seat.outbox], seat)

    def sweep(self, seat):
        return [self.lab.bare, "sweep", seat.inbox, seat.outbox]
