"""From close() to the file at its new place, one file at a time."""

import subprocess

from harness.aims import Aim
from harness.ready import settle, wait_until_moving
from harness.table import median, percentile, ratio, show, spread
from harness.turns import in_turn


def run(bench):
    """Times single files on every resident tool."""
    tools = bench.watching()
    results, failures = in_turn(tools, bench.repeats, lambda tool: _once(bench, tool))
    middles = {name: [percentile(times, 0.5) for times, _ in turns if times] for name, turns in results.items()}
    slowest = {name: [percentile(times, 0.99) for times, _ in turns if times] for name, turns in results.items()}
    lost = {name: sum(lost for _, lost in turns) for name, turns in results.items()}
    rows = [
        (name, spread(middles[name], 1e3, 0), spread(slowest[name], 1e3, 0),
         ratio(middles[name], middles["bare loop"]), sum(len(times) for times, _ in results[name]), lost[name],
         failures.get(name, ""))
        for name in results
    ]  # fmt: skip
    show(
        "Latency",
        f"close() to arrival in microseconds, {bench.sizes.latency} files of 4 KiB a turn, {bench.repeats} turns",
        ("tool", "p50 (range)", "p99 (range)", "p50 to bare", "files", "lost", ""),
        rows,
    )
    bare, usher = (median(middles.get(name, [])) for name in ("bare loop", "usher"))
    micro = 1e3
    return [
        Aim("latency at most twice the bare loop", usher and usher / micro, bare and 2 * bare / micro, "us"),
        Aim("no file is lost one at a time", lost["usher"] if results.get("usher") else None, 0, "files"),
    ]


def _once(bench, tool):
    seat = bench.lab.seat()
    try:
        with tool.start(seat) as running:
            wait_until_moving(running, seat, [seat.inbox], 15)
            settle(seat, [seat.inbox])
            count, budget = str(bench.sizes.latency), str(bench.sizes.seconds)
            words = [bench.lab.probe, "latency", seat.inbox, seat.outbox, count, budget]
            lines = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()
    finally:
        bench.lab.clear(seat)
    return [int(line) for line in lines if line != "lost"], lines.count("lost")
