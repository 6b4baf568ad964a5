"""organize, the tool whose rule files Usher also runs. It has no resident mode."""

from tools.tool import Tool


class Organize(Tool):
    """`organize run` on the same rule."""

    name = "organize"
    program = "organize"
    install = "pip install organize-tool"
    watches = False
    sweeps = True
    sweeps_trees = True
    reads_rules = True
    finds_duplicates = True

    def sweep(self, seat):
        config = seat.folder("config") / "organize.yaml"
        config.write_text(f"""
rules:
  - name: bench
    locations: {seat.inbox}
    subfolders: {str(seat.recursive).lower()}
    filters: [{{extension: pdf}}]
    actions: [{{move: {seat.outbox}/}}]
""")
        return self.command("run", config)

    def command(self, verb, config):
        quiet = [] if verb == "check" else ["--format", "errorsonly"]
        return [self.path, verb, *quiet, config]
