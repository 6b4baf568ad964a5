"""From the hotkey to a painted page, and what an open window and a closed one take."""

import subprocess
import time

from harness import screen
from harness.aims import Aim
from harness.process import Running
from harness.ready import NotReady
from harness.table import median, ratio, show, spread
from harness.turns import in_turn
from measures.desktop import bare_tray, usher_desktop
from tools.usher import Usher

MEBIBYTE = 1 << 20
DIRTY = ("Private_Dirty:",)
GRACE = 3
"""Seconds a hidden window of Usher's may be shown again without being built anew."""
PAUSE = 1.0
"""Between two presses of the hotkey: less could be one gesture."""
REOPENED = 3


class _Program:
    def __init__(self, name, once):
        self.name = name
        self.once = once


def run(bench):
    """Opens the window of each program on a private display, on one and the same observer."""
    if not screen.possible():
        print("\nWindow\n  no Xvfb or dbus-daemon\n")
        return []
    eye = bench.lab.compile("eye", ["-lX11", "-lXext", "-lXtst"])
    floor = bench.lab.compile("bare_window", screen.flags("webkit2gtk-4.1"))
    usher, tray = usher_desktop(bench), bare_tray(bench)
    with screen.Screen(bench.lab) as here:
        programs = [_Program("bare WebKitGTK", lambda: _bare(bench, here, eye, floor))]
        if tray:
            programs.append(_Program("bare Tauri", lambda: _bare(bench, here, eye, tray, "--window")))
        if usher:
            programs.append(_Program("usher-desktop", lambda: _usher(bench, here, eye, usher)))
        results, failures = in_turn(programs, bench.repeats, lambda program: program.once())
    cold = {name: [turn["cold"] for turn in turns] for name, turns in results.items()}
    warm = [seen for turn in results.get("usher-desktop", []) for seen in turn["warm"]]
    rows = [
        (name, spread(cold[name], 1e6, 0), ratio(cold[name], cold["bare WebKitGTK"]),
         spread(warm, 1e6, 0) if name == "usher-desktop" else "-",
         spread([turn["open"] for turn in turns], MEBIBYTE, 0), failures.get(name, ""))
        for name, turns in results.items()
    ]  # fmt: skip
    show(
        "Window",
        f"milliseconds until a page is painted, {bench.repeats} turns: Usher's from the hotkey with no window there, the "
        f"others from their start; again within the grace; private memory of every process with the window open, MiB",
        ("program", "cold (range)", "to bare", "again (range)", "open MiB (range)", ""),
        rows,
    )
    turns = results.get("usher-desktop", [])
    before, after = ([turn[when] for turn in turns] for when in ("before", "after"))
    left = max((turn["processes"] for turn in turns), default=None)
    print(f"  {GRACE + 3} seconds after closing: {left} process(es), {spread(after, MEBIBYTE)} MiB private dirty; "
          f"before the first opening {spread(before, MEBIBYTE)}\n")  # fmt: skip
    floor_ms = median(cold["bare WebKitGTK"])
    usher_ms = median(cold.get("usher-desktop", []))
    again = median(warm)
    return [
        Aim("the window opens within 1.2 times a bare WebKitGTK window", usher_ms and usher_ms / 1e6,
            floor_ms and 1.2 * floor_ms / 1e6, "ms"),
        Aim("within the grace it is there again in 50 ms", again and again / 1e6, 50, "ms"),
        Aim("after closing the tray process alone is left", left, 1, "processes"),
        Aim("after closing it is no larger than before", median(after) and median(after) / MEBIBYTE,
            median(before) and median(before) / MEBIBYTE, "MiB"),
    ]  # fmt: skip


def _look(here, seat, words):
    """Nanoseconds the observer has measured."""
    env = {**seat.env, **here.env}
    done = subprocess.run([str(word) for word in words], env=env, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise NotReady(f"nothing was seen: {' '.join(map(str, words[1:]))}")
    return int(done.stdout or 0)


def _bare(bench, here, eye, *words):
    seat = bench.lab.seat()
    try:
        # The observer starts the program, which stays in the group after it.
        with Running([eye, "start", *words], seat, extra_env=here.env) as running:
            end = time.monotonic() + 30
            while not running.ended() and time.monotonic() < end:
                time.sleep(0.05)
            seen = [word for word in running.log.read_text().split() if word.isdigit()]
            if not running.ended() or not seen:
                raise NotReady("nothing was seen")
            time.sleep(PAUSE)
            return {"cold": int(seen[-1]), "open": running.private_bytes()}
    finally:
        bench.lab.clear(seat)
        time.sleep(PAUSE)


def _usher(bench, here, eye, binary):
    seat = bench.lab.seat()
    Usher.rule(seat, seat.folder("config") / "usher" / "rules")
    (seat.folder("config") / "usher" / "settings.toml").write_text(f"grace_seconds = {GRACE}\nhide_on_blur = false\n")
    try:
        with Running([binary, "--hidden"], seat, extra_env=here.env) as running:
            time.sleep(5)
            if running.ended():
                raise NotReady(f"ended: {running.complaint()}")
            turn = {"before": running.private_bytes(DIRTY)}
            turn["cold"] = _look(here, seat, [eye, "hotkey"])
            time.sleep(PAUSE)
            turn["open"] = running.private_bytes()
            turn["warm"] = []
            for _ in range(REOPENED):
                _look(here, seat, [eye, "away"])
                time.sleep(PAUSE)
                turn["warm"].append(_look(here, seat, [eye, "hotkey"]))
                time.sleep(PAUSE)
            _look(here, seat, [eye, "away"])
            time.sleep(GRACE + 3)
            return {**turn, "processes": len(running.pids()), "after": running.private_bytes(DIRTY)}
    finally:
        bench.lab.clear(seat)
        time.sleep(PAUSE)
