"""How far the tool is behind when a burst of files ends."""

import subprocess

from harness.aims import Aim
from harness.ready import settle, wait_until_moving
from harness.table import median, ratio, show, spread
from harness.turns import in_turn


def run(bench):
    """Writes many files without a pause and waits for the last to arrive."""
    tools = bench.watching()
    results, failures = in_turn(tools, bench.repeats, lambda tool: _once(bench, tool))
    count = bench.sizes.burst
    rows = []
    for name, turns in results.items():
        whole = [turn for turn in turns if turn[2] == count]
        lags = [lag for _, lag, _ in whole]
        totals = [writing + lag for writing, lag, _ in whole]
        floor = [writing + lag for writing, lag, arrived in results["bare loop"] if arrived == count]
        arrived = min((turn[2] for turn in turns), default=0)
        rows.append((name, spread(lags, 1e6), spread(totals, 1e6, 0), ratio(totals, floor), arrived,
                     failures.get(name, "")))  # fmt: skip
    show(
        "Burst",
        f"{count} files of 4 KiB without a pause, {bench.repeats} turns: milliseconds from the last close() to the "
        "last arrival, and from the first write to it",
        ("tool", "lag (range)", "whole (range)", "whole to bare", "fewest arrived", ""),
        rows,
    )
    turns = results.get("usher", [])
    lag = median([lag for _, lag, arrived in turns if arrived == count])
    lost = sum(count - arrived for _, _, arrived in turns) if turns else None
    return [
        Aim("a burst lags less than 50 ms", None if lag is None else lag / 1e6, 50, "ms"),
        Aim("no file of a burst is lost", lost, 0, "files"),
    ]


def _once(bench, tool):
    seat = bench.lab.seat()
    try:
        with tool.start(seat) as running:
            wait_until_moving(running, seat, [seat.inbox], 15)
            settle(seat, [seat.inbox])
            count, patience = str(bench.sizes.burst), str(bench.sizes.seconds)
            words = [bench.lab.probe, "burst", seat.inbox, seat.outbox, count, patience]
            line = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    finally:
        bench.lab.clear(seat)
    return tuple(map(int, line.split()))
