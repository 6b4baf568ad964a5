"""Whether a file is taken from under the program that still writes it."""

import time

from harness.aims import Aim
from harness.ready import settle, wait_until_moving
from harness.table import show
from harness.turns import in_turn

WRITING = 3.0
PATIENCE = 10.0


def run(bench):
    """Writes one file slowly into each tool's folder."""
    results, failures = in_turn(bench.watching(), 1, lambda tool: _once(bench, tool))
    rows = [
        (name, *(_cells(*turns[0]) if turns else ("-", "-")), failures.get(name, ""))
        for name, turns in results.items()
    ]
    show(
        "Unfinished files",
        f"a writer adds to one file for {WRITING:.0f} s before it closes it",
        ("tool", "moved before its close", "arrived after its close", ""),
        rows,
    )
    usher = results.get("usher", [])
    early, lost = (int(usher[0][0] is not None), int(usher[0][1] is None)) if usher else (None, None)
    return [
        Aim("no file is moved before its close", early, 0, "files"),
        Aim("no file is left behind after its close", lost, 0, "files"),
    ]


def _cells(early, arrived):
    if early is not None:
        return f"YES, {early:.1f} s into the writing", "-"
    return "no", "never" if arrived is None else f"{arrived * 1e3:.0f} ms"


def _once(bench, tool):
    seat = bench.lab.seat()
    try:
        with tool.start(seat) as running:
            wait_until_moving(running, seat, [seat.inbox], 15)
            settle(seat, [seat.inbox])
            return _write_slowly(seat)
    finally:
        bench.lab.clear(seat)


def _write_slowly(seat):
    """When the file was first missing from under its writer (or None), and how long after close() it arrived."""
    source, arrival = seat.inbox / "slow.pdf", seat.outbox / "slow.pdf"
    early = None
    begin = time.monotonic()
    with open(source, "wb", buffering=0) as file:
        while (elapsed := time.monotonic() - begin) < WRITING:
            file.write(b"x" * 1000)
            time.sleep(0.05)
            if early is None and arrival.exists():
                early = elapsed
    closed = time.monotonic()
    while time.monotonic() < closed + PATIENCE:
        if arrival.exists():
            return early, time.monotonic() - closed
        time.sleep(0.001)
    return early, None
