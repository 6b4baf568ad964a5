"""Timing a command that does its work and ends."""

import subprocess
import time

from harness.ready import NotReady


def timed(words, seat, limit):
    """Seconds a command took. One that fails, or takes longer than `limit` seconds, is as good as not there."""
    words = [str(word) for word in words]
    begin = time.monotonic()
    try:
        done = subprocess.run(words, env=seat.env, cwd=seat.home, capture_output=True, text=True, errors="replace",
                              stdin=subprocess.DEVNULL, timeout=limit)  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NotReady(f"cut off after {limit} s") from None
    taken = time.monotonic() - begin
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines() or ["it printed nothing"]
        raise NotReady(f"ended with status {done.returncode}: {said[-1][:100]}")
    return taken
