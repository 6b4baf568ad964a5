"""Usher itself. Journal, undo data and brakes are on, as they always are; there is no mode without them."""

from harness.process import Running
from tools.tool import Tool


class Usher(Tool):
    """`usher watch` with `settle: 0`, which acts at the close as the peers do; `usher run` for a sweep."""

    name = "usher"
    program = "usher"
    install = "make build"
    sweeps = True
    sweeps_trees = True
    reads_rules = True
    finds_duplicates = True
    bin_dir = None
    """Where the release binaries are; set by the entry point."""

    def __init__(self, lab, peers):
        super().__init__(lab, peers)
        self.path = self.bin_dir / "usher"

    def present(self):
        return self.path.exists()

    def start(self, seat):
        self.rule(seat, seat.folder("config") / "usher" / "rules")
        return Running([self.path, "watch"], seat)

    def sweep(self, seat):
        return [self.path, "run", self.rule(seat, seat.home)]

    def command(self, verb, config):
        return [self.path, verb, config]

    @staticmethod
    def rule(seat, folder):
        """Writes the one rule of every measure and returns its file."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "bench.yaml"
        file.write_text(f"""
rules:
  - name: bench
    locations: {seat.inbox}
    subfolders: {str(seat.recursive).lower()}
    settle: 0
    filters: [{{extension: pdf}}]
    actions: [{{move: {seat.outbox}/}}]
""")
        return file
