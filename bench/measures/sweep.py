"""Moving what is already there: one folder, one file in ten matches."""

import subprocess
import time

from harness.aims import Aim
from harness.ready import NotReady
from harness.table import median, ratio, show, spread
from harness.turns import in_turn


def run(bench):
    """Times each tool's one-shot mode on the same folder, put back after every turn."""
    sizes = bench.sizes
    inbox = _fill(bench.lab.root / "sweep", sizes.sweep, sizes.matching)
    results, failures = in_turn(bench.sweeping(), bench.repeats, lambda tool: _once(bench, tool, inbox))
    bare = results["bare loop"]
    rows = [(name, spread(times, 1, 3), ratio(times, bare), failures.get(name, "")) for name, times in results.items()]
    show(
        "Sweep",
        f"seconds to move {sizes.matching} of {sizes.sweep} files in one folder, {bench.repeats} turns, warm cache",
        ("tool", "s (range)", "to bare", ""),
        rows,
    )
    find, usher = (median(results.get(name, [])) for name in ("find -exec mv +", "usher"))
    return [Aim("a sweep takes at most twice find -exec mv +", usher, find and 2 * find, "s")]


def _fill(folder, total, matching):
    folder.mkdir()
    every = total // matching
    for number in range(total):
        kind = "pdf" if number % every == 0 else "txt"
        (folder / f"file-{number}.{kind}").write_bytes(b"x")
    return folder


def _once(bench, tool, inbox):
    seat = bench.lab.seat(inbox)
    words = [str(word) for word in tool.sweep(seat)]
    begin = time.monotonic()
    done = subprocess.run(words, env=seat.env, cwd=seat.home, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    taken = time.monotonic() - begin
    moved = _put_back(seat)
    bench.lab.clear(seat)
    if moved != bench.sizes.matching:
        said = (done.stderr or done.stdout).strip().splitlines() or ["it printed nothing"]
        raise NotReady(f"moved {moved} files: {said[-1][:100]}")
    return taken


def _put_back(seat):
    moved = 0
    for file in seat.outbox.iterdir():
        file.rename(seat.inbox / file.name)
        moved += 1
    return moved
