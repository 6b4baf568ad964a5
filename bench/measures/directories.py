"""Watching a large tree: how long until it is watched, and what that costs in memory."""

import time
from pathlib import Path

from harness.aims import Aim
from harness.ready import settle, wait_until_moving
from harness.table import median, ratio, show, spread
from harness.turns import in_turn

LIMIT = Path("/proc/sys/fs/inotify/max_user_watches")
MEGABYTE = 1_000_000


def run(bench):
    """Starts every resident tool on one tree of many folders."""
    count = bench.sizes.directories
    if int(LIMIT.read_text()) < count + 1000:
        print(f"\nMany folders\n  Left out: {LIMIT} is too small for {count} folders.")
        return _aims(count)
    tree, sample = _grow(bench.lab.root / "tree", count)
    results, failures = in_turn(bench.watching(), bench.repeats, lambda tool: _once(bench, tool, tree, sample))
    times, memory, dirty = (
        {name: [turn[column] for turn in turns] for name, turns in results.items()} for column in range(3)
    )
    rows = [
        (name, spread(times[name], 1, 2), ratio(times[name], times["bare loop"]), spread(memory[name], MEGABYTE),
         spread(dirty[name], MEGABYTE), failures.get(name, ""))
        for name in results
    ]  # fmt: skip
    show(
        "Many folders",
        f"{count} folders, {bench.repeats} turns: seconds from start until files dropped into {len(sample)} of them "
        "have arrived; private memory two seconds later, and its dirty part (the rest is mostly program text)",
        ("tool", "s (range)", "to bare", "MB (range)", "dirty MB (range)", ""),
        rows,
    )
    usher, peer = (median(times.get(name, [])) for name in ("usher", "inotifywait + mv"))
    size = median(memory.get("usher", []))
    return _aims(count, usher, peer, size)


def _aims(count, usher=None, peer=None, size=None):
    return [
        Aim(f"{count} folders are watched as fast as by inotifywait", usher, peer, "s"),
        Aim(f"{count} folders are watched within 6 MB", size and size / MEGABYTE, 6, "MB"),
    ]


def _grow(root, count):
    width = 100
    folders = [root / f"a{number // width:03}" / f"b{number % width:03}" for number in range(count)]
    for folder in folders:
        folder.mkdir(parents=True)
    return root, folders[:: max(1, count // 15)] + [folders[-1]]


def _once(bench, tool, tree, sample):
    seat = bench.lab.seat(tree, recursive=True)
    begin = time.monotonic()
    try:
        with tool.start(seat) as running:
            ready = wait_until_moving(running, seat, sample, 120)
            settle(seat, sample)
            time.sleep(2)
            return ready - begin, running.private_bytes(), running.private_bytes(("Private_Dirty:",))
    finally:
        settle(seat, sample)
        bench.lab.clear(seat)
