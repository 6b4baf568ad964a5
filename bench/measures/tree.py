"""Moving what is already there out of a tree of folders, with rules."""

from harness.aims import Aim
from harness.oneshot import timed
from harness.ready import NotReady
from harness.table import median, ratio, show, spread
from harness.turns import in_turn

FOLDERS = 200


def run(bench):
    """Times each tool's one-shot mode on the same tree, put back after every turn."""
    files = bench.sizes.tree
    places = _grow(bench.lab.root / "deep", files)
    tools = [tool for tool in bench.sweeping() if tool.sweeps_trees]
    results, failures = in_turn(tools, bench.repeats, lambda tool: _once(bench, tool, places))
    find = results.get("find -exec mv +", [])
    rows = [(name, spread(times, 1, 3), ratio(times, find), failures.get(name, "")) for name, times in results.items()]
    show(
        "Tree",
        f"seconds to move {len(places)} of {files} files out of {FOLDERS} folders, {bench.repeats} turns, warm cache",
        ("tool", "s (range)", "to find", ""),
        rows,
    )
    usher, peer = median(results.get("usher", [])), median(find)
    return [Aim("a tree is run at most twice as long as find -exec mv +", usher, peer and 2 * peer, "s")]


def _grow(root, count):
    """Fills a tree; where each file belongs that is to be moved, by its name."""
    places = {}
    for number in range(count):
        folder = root / f"{number % 20:02}" / f"{number % FOLDERS:03}"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"file-{number}.{'pdf' if number % 10 == 0 else 'txt'}"
        file.write_bytes(b"x")
        if file.suffix == ".pdf":
            places[file.name] = folder
    return places


def _once(bench, tool, places):
    seat = bench.lab.seat(bench.lab.root / "deep", recursive=True)
    try:
        taken = timed(tool.sweep(seat), seat, bench.sizes.patience)
    finally:
        moved = sorted(seat.outbox.iterdir())
        for file in moved:
            file.rename(places[file.name] / file.name)
        bench.lab.clear(seat)
    if len(moved) != len(places):
        raise NotReady(f"moved {len(moved)} files")
    return taken
