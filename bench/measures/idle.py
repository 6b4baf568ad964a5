"""What a tool costs while nothing happens, and what Usher costs while every noun of the machine is looked at."""

import contextlib
import json
import subprocess
import time

from harness import machine, screen
from harness.aims import Aim
from harness.process import Running
from harness.ready import NotReady, settle, wait_until_moving
from harness.table import median, show, spread
from harness.turns import in_turn
from tools.usher import Usher

MEBIBYTE = 1 << 20

EVERY_NOUN = """
rules:
  - { name: volume, when: { volume: mounted, label: none such }, actions: [{ echo: woke }] }
  - { name: usb, when: { usb: attached, vendor: ffff }, actions: [{ echo: woke }] }
  - { name: power, when: { power: battery }, actions: [{ echo: woke }] }
  - { name: battery, when: { battery: { below: 5 } }, actions: [{ echo: woke }] }
  - { name: network, when: { network: connected, name: none such }, actions: [{ echo: woke }] }
  - { name: session, when: { session: locked }, actions: [{ echo: woke }] }
  - { name: idle, when: { idle: 8h }, actions: [{ echo: woke }] }
  - { name: display, when: { display: connected }, actions: [{ echo: woke }] }
  - { name: schedule, when: { schedule: "0 0 1 1 *" }, actions: [{ echo: woke }] }
  - { name: hotkey, when: { hotkey: Ctrl+Alt+Shift+F9 }, actions: [{ echo: woke }] }
  - { name: started, when: { started: rules }, actions: [{ echo: woke }] }
"""


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
    return [
        Aim("no context switch while idle", median(switches.get("usher", [])), 0, "/s"),
        Aim("no context switch while idle with every noun in use", _with_every_noun(bench), 0, "/s"),
    ]


def _once(bench, tool):
    seat = bench.lab.seat()
    try:
        with tool.start(seat) as running:
            wait_until_moving(running, seat, [seat.inbox], 15)
            settle(seat, [seat.inbox])
            time.sleep(3)
            before = running.context_switches()
            time.sleep(bench.sizes.idle)
            return running.switches_since(before) / bench.sizes.idle, running.private_bytes()
    finally:
        bench.lab.clear(seat)


def _with_every_noun(bench):
    """Watches Usher with a rule for every noun; the switches a second, or None where nothing was measured."""
    usher = next((tool for tool in bench.tools if isinstance(tool, Usher)), None)
    if usher is None:
        return None
    length = bench.sizes.nouns
    with contextlib.ExitStack() as here:
        env = {}
        if machine.possible():
            env |= here.enter_context(machine.Machine(bench.lab)).env
        if screen.possible():
            env |= here.enter_context(screen.Screen(bench.lab)).env
        results, failures = in_turn([usher], bench.repeats, lambda tool: _nouns_once(bench, tool, env))
    turns = results[usher.name]
    seen = turns[-1][3] if turns else {}
    rows = [(
        usher.name, spread([turn[0] for turn in turns], digits=2), spread([turn[1] for turn in turns], digits=2),
        spread([turn[2] for turn in turns], MEBIBYTE), failures.get(usher.name, ""),
    )]  # fmt: skip
    unseen = [noun for noun, mode in seen.items() if mode != "watching"]
    show(
        "Idle with every noun in use",
        f"a rule for every noun (key chords wait for the tray); context switches a second and processor time in ms over {length} s; private memory in "
        f"MiB; {bench.repeats} turns; "
        + (f"not seen here: {', '.join(unseen)}" if unseen else "every noun is seen"),
        ("tool", "switches/s (range)", "ms (range)", "MiB (range)", ""),
        rows,
    )
    return median([turn[0] for turn in turns])


def _nouns_once(bench, tool, env):
    seat = bench.lab.seat()
    try:
        rules = Usher.rule(seat, seat.folder("config") / "usher" / "rules").parent
        (rules / "nouns.yaml").write_text(EVERY_NOUN)
        with Running([tool.path, "watch"], seat, extra_env=env) as running:
            wait_until_moving(running, seat, [seat.inbox], 15)
            settle(seat, [seat.inbox])
            modes = _modes(tool, seat, env)
            time.sleep(3)
            switches, cpu = running.context_switches(), running.cpu_seconds()
            time.sleep(bench.sizes.nouns)
            rate = running.switches_since(switches) / bench.sizes.nouns
            return rate, (running.cpu_seconds() - cpu) * 1000, running.private_bytes(), modes
    finally:
        bench.lab.clear(seat)


def _modes(tool, seat, env):
    """How each noun is looked at, once none is being set up any more."""
    end = time.monotonic() + 15
    while True:
        answer = subprocess.run([tool.path, "status", "--json"], env={**seat.env, **env}, capture_output=True)
        nouns = json.loads(answer.stdout)["nouns"] if answer.returncode == 0 else []
        modes = {noun["noun"]: noun["mode"] for noun in nouns}
        if modes and "starting" not in modes.values():
            return modes
        if time.monotonic() > end:
            raise NotReady("its sources did not come up")
        time.sleep(0.1)
