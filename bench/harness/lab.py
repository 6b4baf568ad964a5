"""The laboratory: one temporary folder that holds everything a benchmark run writes."""

import itertools
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


@dataclass
class Seat:
    """One tool's place for one repetition: a folder to watch, a folder to fill, and a home of its own."""

    inbox: Path
    outbox: Path
    home: Path
    recursive: bool = False

    @property
    def env(self):
        """An environment in which no tool finds the user's own configuration, state or session."""
        env = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "TZ") if key in os.environ}
        env["HOME"] = str(self.home)
        env["TMPDIR"] = str(self.folder("tmp"))
        for name in ("CONFIG", "STATE", "DATA", "CACHE", "RUNTIME"):
            suffix = "DIR" if name == "RUNTIME" else "HOME"
            env[f"XDG_{name}_{suffix}"] = str(self.folder(name.lower()))
        return env

    def folder(self, name):
        """A folder of the seat's home, made when it is first asked for; private, as a runtime folder must be."""
        path = self.home / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path


class Lab:
    """Temporary ground for a whole benchmark run; leaving the `with` block removes it."""

    def __enter__(self):
        self.root = Path(tempfile.mkdtemp(prefix="usher-bench-", dir=os.environ.get("BENCH_DIR")))
        self._numbers = itertools.count(1)
        self.bare = self.compile("bare")
        self.probe = self.compile("probe")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.root, ignore_errors=True)

    def compile(self, name, flags=()):
        """Compiles one of the benchmark's own C programs and returns its path."""
        program = self.root / name
        source = HERE / f"{name}.c"
        subprocess.run(["cc", "-O2", "-pthread", str(source), "-o", str(program), *flags], check=True)
        return program

    def seat(self, inbox=None, recursive=False):
        """A fresh seat; with `inbox` it watches that existing folder instead of an empty one."""
        base = self.root / f"seat-{next(self._numbers)}"
        outbox = base / "out"
        outbox.mkdir(parents=True)
        if inbox is None:
            inbox = base / "in"
            inbox.mkdir()
        home = base / "home"
        home.mkdir(mode=0o700)
        return Seat(inbox, outbox, home, recursive)

    def clear(self, seat):
        """Gives a seat's disk space back; an inbox that was handed in stays."""
        shutil.rmtree(seat.home.parent, ignore_errors=True)
