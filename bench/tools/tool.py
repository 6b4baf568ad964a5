"""What the harness asks of a tool."""

import shutil


class Tool:
    """One way to move `*.pdf` from a folder into another, resident (`start`), once (`sweep`), or both."""

    name = ""
    install = ""
    """The command that installs it."""
    program = ""
    """Looked for among the benchmark's own peers first, then in PATH."""

    def __init__(self, lab, peers):
        self.lab = lab
        folders = (peers / "bin", peers / "organize" / "bin")
        self.path = next(filter(None, (shutil.which(self.program, path=str(folder)) for folder in folders)), None)
        self.path = self.path or shutil.which(self.program)

    def present(self):
        """Whether it can be measured on this machine."""
        return self.path is not None

    watches = True
    """Whether it has a resident mode. A tool without one is left out of those measures."""

    sweeps = False
    """Whether it can move what is already there and end."""

    sweeps_trees = False
    """Whether a sweep looks into the folders below as well, where the seat asks for it."""

    reads_rules = False
    """Whether it reads rule files as organize writes them."""

    finds_duplicates = False
    """Whether it can list files with the same bytes."""

    def start(self, seat):
        """Starts the resident tool on a seat and returns it as `Running`, without waiting until it is ready."""
        raise NotImplementedError

    def sweep(self, seat):
        """The command line that moves what is in the inbox now."""
        raise NotImplementedError

    def command(self, verb, config):
        """The command line that does something (`check`, `sim`, `run`) with a rule file."""
        raise NotImplementedError

    def duplicates(self, seat):
        """The command line that lists what is alike in the inbox and below."""
        config = seat.home / "duplicates.yaml"
        config.write_text(f"""
rules:
  - name: duplicates
    locations: {seat.inbox}
    subfolders: true
    filters: [duplicate]
    actions: [{{echo: "{{path}}"}}]
""")
        return self.command("sim", config)
