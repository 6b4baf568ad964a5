"""What a tool costs while nothing happens."""

import time

from harness.aims import Aim
from harness.ready import settle, wait_until_moving
from harness.table import median, show, spread
from harness.turns import in_turn

MEBIBYTE = 1 << 20


def run(bench):
    """Counts context switches over a quiet stretch, after a file has been moved."""
    results, failures = in_turn(bench.watching(), bench.repeats, lambda tool: _once(bench, tool))
    switches = {name: [rate for rate, _ in turns] for name, turns in results.items()}
    memory = {name: [size for _, size in turns] for name, turns in results.items()}
    rows = [
        (name, spread(switches[name]), spread(memory[name], MEBIBYTE), failures.get(name, "")) for name in results
    ]
    show(
        "Idle",
        f"context switches a second over {bench.sizes.idle} s, all threads, voluntary or not; private memory in MiB; "
        f"{bench.repeats} turns",
        ("tool", "switches/s (range)", "MiB (range)", ""),
        rows,
    )
    return [Aim("no context switch while idle", median(switches.get("usher", [])), 0, "/s")]


def _once(bench, tool):
    seat = bench.lab.seat()
    try:
        with tool.start(seat) as running:
            wait_until_moving(running, seat, [seat.inbox], 15)
            settle(seat, [seat.inbox])
            time.sleep(3)
            before = running.context_switches()
            time.sleep(bench.sizes.idle)
            return (running.context_switches() - before) / bench.sizes.idle, running.private_bytes()
    finally:
        bench.lab.clear(seat)
