"""`find -exec mv`, the usual one-liner for a sweep."""

from tools.tool import Tool


class Find(Tool):
    """find with one mv for many files, its quicker form."""

    name = "find -exec mv +"
    program = "find"
    install = "apt-get install findutils"
    watches = False
    sweeps = True
    sweeps_trees = True

    def sweep(self, seat):
        depth = [] if seat.recursive else ["-maxdepth", "1"]
        return [self.path, seat.inbox, *depth, "-type", "f", "-name", "*.pdf",
                "-exec", "mv", "-n", "-t", seat.outbox, "{}", "+"]  # fmt: skip
