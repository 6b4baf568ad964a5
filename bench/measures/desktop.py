"""The tray process and its binary beside the least Tauri tray app there can be."""

import contextlib
import os
import shutil
import subprocess
import time

from harness import machine, screen
from harness.aims import Aim
from harness.lab import HERE
from harness.process import Running, private_bytes
from harness.ready import NotReady
from harness.table import show, spread
from harness.turns import in_turn, progress
from measures.idle import EVERY_NOUN
from tools.usher import Usher

MEBIBYTE = 1 << 20
MEGABYTE = 1_000_000


class Tray:
    """One tray program: its name in the table, its binary, the words it is started with, and rules beside the usual one."""

    def __init__(self, name, binary, words=(), rules=""):
        self.name = name
        self.binary = binary
        self.words = words
        self.rules = rules


def run(bench):
    """Starts each tray on a private display and lets it rest."""
    own = usher_desktop(bench)
    trays = [
        Tray("bare Tauri tray", bare_tray(bench)),
        Tray("usher-desktop", own, ("--hidden",)),
        Tray("the same, every noun in use", own, ("--hidden",), EVERY_NOUN),
    ]
    trays = [tray for tray in trays if tray.binary]
    rows, failures, results = [], {}, {}
    if screen.possible():
        with contextlib.ExitStack() as here:
            env = {**here.enter_context(screen.Screen(bench.lab)).env}
            if machine.possible():
                env |= here.enter_context(machine.Machine(bench.lab)).env
            results, failures = in_turn(trays, bench.repeats, lambda tray: _once(bench, tray, env))
    for tray in trays:
        turns = results.get(tray.name, [])
        rows.append((
            tray.name, f"{tray.binary.stat().st_size / MEGABYTE:.2f}",
            spread([turn[0] for turn in turns], MEBIBYTE), spread([turn[1] for turn in turns], 1, 0),
            spread([turn[2] for turn in turns]), failures.get(tray.name, "" if turns else "no Xvfb or dbus-daemon"),
        ))  # fmt: skip
    show(
        "Desktop",
        f"release binary in MB, private dirty memory in MiB, processes, and context switches a second over "
        f"{bench.sizes.idle} s, ten seconds after the start with no window; {bench.repeats} turns",
        ("program", "MB", "MiB (range)", "processes", "switches/s (range)", ""),
        rows,
    )
    if not own or trays[0].binary is own:
        print("  A bare Tauri tray is built without QUICK=1; usher-desktop by `make build`.\n")
    return [Aim("the release binary is under 10 MB", own and own.stat().st_size / MEGABYTE, 10, "MB")]


def usher_desktop(bench):
    """Usher's own binary, where it is built."""
    binary = bench.target / "release" / "usher-desktop"
    return binary if binary.exists() else None


def bare_tray(bench):
    """Builds the bare app from a copy under the target folder, since Tauri's build writes beside its sources."""
    place = bench.target / "bench" / "bare-tauri"
    binary = place / "target" / "release" / "bare-tauri"
    if bench.quick or shutil.which("cargo") is None:
        return binary if binary.exists() else None
    progress("building the bare Tauri tray")
    shutil.copytree(HERE / "bare-tauri", place, dirs_exist_ok=True)
    done = subprocess.run(["cargo", "build", "--release", "--locked"], cwd=place, capture_output=True, text=True,
                          env={**os.environ, "CARGO_TARGET_DIR": str(place / "target")})  # fmt: skip
    progress("")
    if done.returncode != 0:
        print(f"\nThe bare Tauri tray did not build: {done.stderr.strip().splitlines()[-1]}")
        return None
    return binary


def _once(bench, tray, env):
    seat = bench.lab.seat()
    rules = Usher.rule(seat, seat.folder("config") / "usher" / "rules").parent
    if tray.rules:
        (rules / "nouns.yaml").write_text(tray.rules)
    try:
        with Running([tray.binary, *tray.words], seat, extra_env=env) as running:
            time.sleep(10)
            if running.ended():
                raise NotReady(f"ended: {running.complaint()}")
            before = running.context_switches()
            time.sleep(bench.sizes.idle)
            rate = running.switches_since(before) / bench.sizes.idle
            pids = running.pids()
            return sum(private_bytes(pid, ("Private_Dirty:",)) for pid in pids), len(pids), rate
    finally:
        bench.lab.clear(seat)
