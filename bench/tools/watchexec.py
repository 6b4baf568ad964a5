"""watchexec that runs find and mv on each change."""

from harness.process import Running
from tools.tool import Tool


class Watchexec(Tool):
    """watchexec without debounce; it names no file to a command reliably, so the command looks for itself."""

    name = "watchexec + mv"
    program = "watchexec"
    install = "cargo install --locked watchexec-cli"

    def start(self, seat):
        watch = "--watch" if seat.recursive else "--watch-non-recursive"
        depth = [] if seat.recursive else ["-maxdepth", "1"]
        move = ["-exec", "mv", "-n", "-t", seat.outbox, "{}", "+"]
        return Running(
            [self.path, "--quiet", "--no-vcs-ignore", "--no-project-ignore", "--debounce=0ms", "--on-busy-update=queue",
             "--postpone", watch, seat.inbox, "--exts=pdf", "--shell=none", "--",
             "find", seat.inbox, *depth, "-type", "f", "-name", "*.pdf", *move],
            seat,
        )  # fmt: skip
