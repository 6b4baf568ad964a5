"""From a keystroke to what is found, over a journal of many entries: what the palette asks the owner for."""

import json
import random
import socket
import time

from harness.aims import Aim
from harness.oneshot import timed
from harness.ready import NotReady
from harness.table import percentile, show, spread
from harness.turns import in_turn
from tools.usher import Usher

TYPED = ("invoice acme 2023", "rprt mrch", "photo lisbon sunset", "zzqx", "contract final v2", "6041")
FRAME_MS = 1000 / 60


def run(bench):
    """Files many documents once, then types words letter by letter."""
    tools = [tool for tool in bench.tools if isinstance(tool, Usher)]
    results, failures = in_turn(tools, 1, lambda tool: _once(bench, tool))
    turns = results.get("usher", [])
    first, times, looked_at = turns[0] if turns else (None, [], 0)
    show(
        "Search",
        f"milliseconds from the question to the answer over the socket, {len(times)} keystrokes over {looked_at} "
        "entries; the first one reads their names from the journal",
        ("tool", "first", "median (range)", "p99", ""),
        [("usher", f"{first:.1f}" if first else "-", spread(times), f"{percentile(times, 0.99):.1f}" if times else "-",
          failures.get("usher", ""))],
    )  # fmt: skip
    slowest = percentile(times, 0.99) if times else None
    return [Aim(f"a keystroke is answered within a frame at {bench.sizes.entries} entries", slowest, FRAME_MS, "ms")]


def _once(bench, tool):
    seat = bench.lab.seat()
    try:
        _grow(seat.inbox, bench.sizes.entries)
        timed(tool.sweep(seat), seat, bench.sizes.patience)
        with tool.start(seat) as running:
            asks = _connect(seat.folder("runtime") / "usher" / "usher.sock", running)
            first, _ = asks(TYPED[0][:1])
            times, looked_at = [], 0
            for words in TYPED:
                for end in range(1, len(words) + 1):
                    taken, found = asks(words[:end])
                    times.append(taken)
                    looked_at = found["looked_at"]
            return first, times, looked_at
    finally:
        bench.lab.clear(seat)


def _grow(folder, count):
    """Empty files with names such as people have."""
    dice = random.Random(1)
    kinds = ("invoice", "report", "photo", "contract", "letter", "scan", "statement", "notes", "ticket", "draft")
    about = ("acme", "lisbon", "march", "sunset", "final", "taxes", "school", "insurance", "garden", "meeting")
    for number in range(count):
        name = f"{dice.choice(kinds)} {dice.choice(about)} {dice.randrange(2005, 2026)} v{dice.randrange(9)} {number}.pdf"
        (folder / name).touch()


def _connect(path, running):
    """A way to search: gives back the milliseconds it took, and what was found."""
    end = time.monotonic() + 10
    while not path.exists():
        if running.ended() or time.monotonic() > end:
            raise NotReady(f"no socket: {running.complaint()}")
        time.sleep(0.01)
    link = socket.socket(socket.AF_UNIX)
    link.connect(str(path))
    lines = link.makefile("rb")

    def asks(text):
        call = {"jsonrpc": "2.0", "id": 1, "method": "search", "params": {"text": text}}
        begin = time.monotonic()
        link.sendall(json.dumps(call).encode() + b"\n")
        answer = lines.readline()
        taken = (time.monotonic() - begin) * 1e3
        return taken, json.loads(answer)["result"]

    return asks
