"""`find -exec mv`, the usual one-liner for a sweep."""

from tools.tool import Tool


class Find(Tool):
    """find with one mv for many files, its quicker form."""

    name = "find -exec mv +"
    program = "find"
    install = "apt-get install findutils"
    watches = False
    sweeps = True

    def sweep(self, seat):
        return [self.path, seat.inbox, "-maxdepth", "1", "-type", "f", "-name", "*.pdf",
                "-exec", "mv", "-n", "-t", seat.outbox, "{}", "+"]  # fmt: skip
