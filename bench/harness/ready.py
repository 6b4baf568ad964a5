"""Telling from the outside that a tool has begun to watch: a file dropped into its folder arrives."""

import time

STEP = 0.05


class NotReady(Exception):
    """The tool ended, or moved nothing in time."""


def drop(folder, name):
    """Writes a small finished file."""
    with open(folder / name, "wb") as file:
        file.write(b"ready?")


def wait_until_moving(running, seat, folders, seconds):
    """Waits until a file dropped into each of `folders` has arrived, twice in a row, and returns when the first did.

    A file may be dropped before its folder is watched and then be lost on a tool that never sweeps, so each is written
    again until it arrives. A tool that sweeps at its start may move a file before it watches; the second round, which
    drops each file once, tells the two apart: when it takes long, its end counts, not the first round's.
    """
    end = time.monotonic() + seconds
    first = _round(running, seat, folders, "first", end, again=STEP)
    begin = time.monotonic()
    second = _round(running, seat, folders, "second", end, again=1.0)
    return first if second - begin < 1.0 else second


def _round(running, seat, folders, word, end, again):
    waiting = {f"ready-{word}-{number}.pdf": folder for number, folder in enumerate(folders)}
    next_drop = 0.0
    while waiting:
        now = time.monotonic()
        if running.ended():
            raise NotReady(f"ended: {running.complaint()}")
        if now > end:
            raise NotReady("moved nothing in time")
        if now >= next_drop:
            for name, folder in waiting.items():
                drop(folder, name)
            next_drop = now + again
        time.sleep(0.002)
        waiting = {name: folder for name, folder in waiting.items() if not (seat.outbox / name).exists()}
    return time.monotonic()


def settle(seat, folders):
    """Removes what the drops left behind, so that a measure begins on empty folders."""
    time.sleep(0.3)
    for folder in (seat.outbox, *folders):
        for leftover in folder.glob("ready-*.pdf"):
            leftover.unlink(missing_ok=True)
