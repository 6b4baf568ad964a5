"""organize, the tool whose rule files Usher also runs. It has no resident mode."""

from tools.tool import Tool


class Organize(Tool):
    """`organize run` on the same rule."""

    name = "organize"
    program = "organize"
    install = "pip install organize-tool"
    watches = False
    sweeps = True

    def sweep(self, seat):
        config = seat.folder("config") / "organize.yaml"
        config.write_text(f"""
rules:
  - name: bench
    locations: {seat.inbox}
    filters: [{{extension: pdf}}]
    actions: [{{move: {seat.outbox}/}}]
""")
        return [self.path, "run", "--format", "errorsonly", config]
