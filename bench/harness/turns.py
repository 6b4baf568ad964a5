"""Repeating a measure in turn: A B C A B C, so that a change of the machine's mood meets every tool alike."""

import sys

from harness.ready import NotReady


def in_turn(tools, repeats, measure):
    """Runs `measure(tool)` for each tool, `repeats` times round, and returns the results and the failures by name.

    A tool that fails once is left out of the later rounds: what it could not do is shown, not averaged.
    """
    results = {tool.name: [] for tool in tools}
    failures = {}
    for turn in range(1, repeats + 1):
        for tool in tools:
            if tool.name in failures:
                continue
            progress(f"{tool.name}, {turn} of {repeats}")
            try:
                results[tool.name].append(measure(tool))
            except NotReady as failure:
                failures[tool.name] = str(failure)
    progress("")
    return results, failures


def progress(text):
    """Shows what is being measured, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K  {text}", end="" if text else "\r", file=sys.stderr, flush=True)
