"""Reading rules, and asking them about files: no file is touched."""

from harness.aims import Aim
from harness.oneshot import timed
from harness.table import median, ratio, show, spread
from harness.turns import in_turn

FOLDERS = 1000
RULES_THAT_MATCH = 100


def run(bench):
    """Times `check` on many rules and `sim` over many files, on every tool that reads rule files."""
    return _load(bench) + _match(bench)


def _load(bench):
    count = bench.sizes.rules
    text = _rules(count, bench.lab.root / "nowhere")
    results, failures = in_turn(bench.reading_rules(), bench.repeats, lambda tool: _once(bench, tool, "check", text))
    peers = results.get("organize", [])
    rows = [(name, spread(times, 1, 3), ratio(times, peers), failures.get(name, "")) for name, times in results.items()]
    show(
        "Loading rules",
        f"seconds to check a file of {count} rules with three filters and a move each, {bench.repeats} turns",
        ("tool", "s (range)", "to organize", ""),
        rows,
    )
    usher, peer = (median(results.get(name, [])) for name in ("usher", "organize"))
    return [Aim(f"{count} rules are loaded no slower than by organize", usher, peer, "s")]


def _match(bench):
    files = bench.sizes.matched
    tree = _grow(bench.lab.root / "asked", files)
    text = _rules(RULES_THAT_MATCH, tree)
    results, failures = in_turn(bench.reading_rules(), bench.repeats, lambda tool: _once(bench, tool, "sim", text))
    peers = results.get("organize", [])
    rows = [
        (name, spread(times, 1, 2), spread([files * RULES_THAT_MATCH / taken for taken in times], 1e6, 2),
         ratio(times, peers), failures.get(name, ""))
        for name, times in results.items()
    ]  # fmt: skip
    show(
        "Matching",
        f"seconds to simulate {RULES_THAT_MATCH} rules over {files} files in {FOLDERS} folders, and millions of "
        f"questions (this rule, this file) a second; {bench.repeats} turns, warm cache",
        ("tool", "s (range)", "M/s (range)", "to organize", ""),
        rows,
    )
    usher, peer = (median(results.get(name, [])) for name in ("usher", "organize"))
    return [Aim(f"{files} files are matched no slower than by organize", usher, peer, "s")]


def _rules(count, place):
    """Rules of which each fits one file in a thousand, by kind, name and size."""
    rule = """
  - name: Rule {nr}
    locations: {place}
    subfolders: true
    filters:
      - extension: [pdf, docx]
      - name: {{ startswith: "report-{key:03}-" }}
      - size: "> 0"
    actions:
      - move: {place}/filed/{{name}}-{nr}/
"""
    return "rules:" + "".join(rule.format(nr=nr, key=nr % 1000, place=place) for nr in range(count))


def _grow(root, count):
    for number in range(FOLDERS):
        (root / f"folder-{number:03}").mkdir(parents=True)
    for number in range(count):
        kind = "pdf" if number % 2 else "jpg"
        (root / f"folder-{number % FOLDERS:03}" / f"report-{number // 7 % 1000:03}-{number}.{kind}").write_bytes(b"x")
    return root


def _once(bench, tool, verb, text):
    seat = bench.lab.seat()
    try:
        config = seat.home / "rules.yaml"
        config.write_text(text)
        return timed(tool.command(verb, config), seat, bench.sizes.patience)
    finally:
        bench.lab.clear(seat)
