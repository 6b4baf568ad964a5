"""Finding files that hold the same bytes: no file is touched."""

import random

from harness.aims import Aim
from harness.oneshot import timed
from harness.table import median, ratio, show, spread
from harness.turns import in_turn

MEBIBYTE = 1 << 20
FOLDERS = 50


def run(bench):
    """Times every tool that looks for duplicates on the same files."""
    tools = [tool for tool in bench.tools if tool.finds_duplicates]
    tree, count, copies = _grow(bench.lab.root / "alike", bench.sizes.megabytes * MEBIBYTE)
    results, failures = in_turn(tools, bench.repeats, lambda tool: _once(bench, tool, tree))
    peers = results.get("fclones", [])
    rows = [(name, spread(times, 1, 2), ratio(times, peers), failures.get(name, "")) for name, times in results.items()]
    show(
        "Duplicates",
        f"seconds to find {copies} copies among {count} files of {bench.sizes.megabytes} MiB in all, {bench.repeats} "
        "turns, warm cache",
        ("tool", "s (range)", "to fclones", ""),
        rows,
    )
    usher, peer = median(results.get("usher", [])), median(peers)
    return [Aim("duplicates are found within 1.2 times fclones", usher, peer and 1.2 * peer, "s")]


def _grow(root, total):
    """Files of 64 KiB to 4 MiB: a third of them copies, and some that only have the size of another one."""
    dice = random.Random(1)
    for number in range(FOLDERS):
        (root / f"{number:02}").mkdir(parents=True)
    originals, copies, number, written = [], 0, 0, 0
    while written < total:
        chance = dice.random()
        if originals and chance < 0.33:
            content = dice.choice(originals).read_bytes()
            copies += 1
        elif originals and chance < 0.4:
            content = dice.randbytes(dice.choice(originals).stat().st_size)
        else:
            content = dice.randbytes(dice.randrange(64 << 10, 4 << 20))
        file = root / f"{number % FOLDERS:02}" / f"file-{number}.bin"
        file.write_bytes(content)
        if chance >= 0.4:
            originals.append(file)
        number, written = number + 1, written + len(content)
    return root, number, copies


def _once(bench, tool, tree):
    seat = bench.lab.seat(tree, recursive=True)
    try:
        return timed(tool.duplicates(seat), seat, bench.sizes.patience)
    finally:
        bench.lab.clear(seat)
