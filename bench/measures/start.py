"""How long a command takes that does next to nothing: what one waits for after Enter."""

import shutil

from harness.aims import Aim
from harness.oneshot import timed
from harness.table import median, ratio, show, spread
from harness.turns import in_turn
from tools.usher import Usher

OFTEN = 20


class Start:
    """One command line: its name in the table, and its words."""

    def __init__(self, *words):
        self.words = [str(word) for word in words]
        self.name = " ".join([self.words[0].rpartition("/")[2], *self.words[1:]])


def run(bench):
    """Starts each command some times in a row, every time in the same home."""
    ushers = [tool.path for tool in bench.tools if isinstance(tool, Usher)]
    starts = [Start(path, *words) for path in ushers for words in (("--version",), ("status",))]
    starts.insert(0, Start(shutil.which("true")))
    results, failures = in_turn(starts, bench.repeats, lambda start: _once(bench, start))
    rows = [
        (name, spread(times, 1e-3), ratio(times, results["true"]), failures.get(name, ""))
        for name, times in results.items()
    ]
    show(
        "Start",
        f"milliseconds from the start of a command to its end, the median of {OFTEN} starts; {bench.repeats} turns",
        ("command", "ms (range)", "to `true`", ""),
        rows,
    )
    slowest = median(results.get("usher status", []))
    return [Aim("a command starts in milliseconds", slowest and slowest * 1e3, 10, "ms")]


def _once(bench, start):
    seat = bench.lab.seat()
    try:
        return median([timed(start.words, seat, 10) for _ in range(OFTEN)])
    finally:
        bench.lab.clear(seat)
