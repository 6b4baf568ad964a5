"""Starting, reading and ending the process groups under measure. Linux only: everything comes from /proc."""

import os
import signal
import subprocess
from pathlib import Path


class Running:
    """A tool at work in a session of its own, with whatever children it has there."""

    def __init__(self, argv, seat, cwd=None, extra_env=None):
        self.log = seat.home / "output.log"
        with open(self.log, "ab") as log:
            self._child = subprocess.Popen(
                [str(word) for word in argv],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=cwd or seat.home,
                env={**seat.env, **(extra_env or {})},
                start_new_session=True,
            )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def ended(self):
        """Whether the process that was started is gone."""
        return self._child.poll() is not None

    def complaint(self):
        """The last line the tool printed: the reason, when it ended early."""
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1][:100] if lines else "it printed nothing"

    def stop(self):
        """Ends the whole group, asking first."""
        for number, patience in ((signal.SIGTERM, 3), (signal.SIGKILL, 3)):
            try:
                os.killpg(self._child.pid, number)
            except ProcessLookupError:
                pass
            try:
                self._child.wait(patience)
            except subprocess.TimeoutExpired:
                continue
            if not self.pids():
                return

    def pids(self):
        """Every live process in this session."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self._child.pid and fields[0] != "Z":
                found.append(int(entry.name))
        return found

    def private_bytes(self, kinds=("Private_Clean:", "Private_Dirty:")):
        """Memory that would come back if the group ended: private clean and private dirty pages."""
        return sum(private_bytes(pid, kinds) for pid in self.pids())

    def context_switches(self):
        """Voluntary and involuntary switches so far, by thread."""
        return {thread: count for pid in self.pids() for thread, count in context_switches(pid)}

    def switches_since(self, before):
        """Switches since then. A thread that has ended has taken its own along; they are not taken off the others'."""
        return sum(count - before.get(thread, 0) for thread, count in self.context_switches().items())

    def cpu_seconds(self):
        """Processor time of every thread so far, the user's and the system's."""
        return sum(cpu_seconds(pid) for pid in self.pids())


def private_bytes(pid, kinds):
    """Private memory of one process by kind, from smaps_rollup; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    fields = (line.split() for line in lines)
    return sum(int(field[1]) * 1024 for field in fields if field[0] in kinds)


def cpu_seconds(pid):
    """Processor time of one process; 0 when it is gone. From the scheduler: the clock ticks of `stat` are too coarse for
    what a sleeping process takes."""
    total = 0
    for schedstat in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            total += int(schedstat.read_text().split()[0])
        except (OSError, IndexError):
            continue
    return total / 1e9


def context_switches(pid):
    """Each thread of one process with its context switches; none when it is gone."""
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        try:
            lines = status.read_text().splitlines()
        except OSError:
            continue
        yield int(status.parent.name), sum(int(line.split()[1]) for line in lines if "ctxt_switches" in line)
