import { expect, test } from "vitest";
import { append, carry, remove, rename, rulesOf, set } from "./draft";
import { newRule } from "../gallery/ready";

const text = `# My rules
rules:
  # Bills
  - name: "File invoices"   # the important one
    locations: ~/Downloads
    filters:
      # Only what is finished
      - extension: [pdf, tiff]
      - name:
          contains: invoice
    actions:
      - move: ~/Documents/Invoices/

  - name: Old things
    enabled: true
    locations: [~/Desktop, ~/Downloads]
    actions: [trash]
`;

/** The lines that differ, as a diff shows them; a line that is there twice counts twice. */
function diff(before: string, after: string): string[] {
  const gone = before.split("\n");
  const added = after.split("\n").filter((line) => {
    const known = gone.indexOf(line);
    if (known >= 0) gone.splice(known, 1);
    return known < 0;
  });
  return [...gone.map((line) => `-${line}`), ...added.map((line) => `+${line}`)];
}

test("a switch flipped is one changed line, and one that was not there is one added line", () => {
  expect(diff(text, set(text, ["rules", 1, "enabled"], false))).toEqual(["-    enabled: true", "+    enabled: false"]);
  expect(diff(text, set(text, ["rules", 0, "enabled"], false))).toEqual(["+    enabled: false"]);
});

test("a name changes in its place, and the comment behind it stays", () => {
  expect(diff(text, set(text, ["rules", 0, "name"], "Bills: mine"))).toEqual([
    '-  - name: "File invoices"   # the important one',
    '+  - name: "Bills: mine"   # the important one',
  ]);
});

test("a list in brackets stays in brackets", () => {
  expect(diff(text, set(text, ["rules", 0, "filters", 0, "extension"], ["pdf", "a, b"]))).toEqual([
    "-      - extension: [pdf, tiff]",
    '+      - extension: [ pdf, "a, b" ]',
  ]);
});

test("an item is added behind the last, with nothing else touched", () => {
  expect(diff(text, append(text, ["rules", 0, "actions"], { echo: "Filed {path.name}" }))).toEqual([
    "+      - echo: Filed {path.name}",
  ]);
  expect(rulesOf(append(text, ["rules", 1, "actions"], { echo: "hi" }))?.[1]?.["actions"]).toEqual([
    "trash",
    { echo: "hi" },
  ]);
});

test("a list that was not there is added to its rule", () => {
  const added = append(text, ["rules", 1, "filters"], { extension: "zip" });
  expect(diff(text, added)).toEqual(["+    filters:", "+      - extension: zip"]);
  expect(rulesOf(added)?.[1]?.["filters"]).toEqual([{ extension: "zip" }]);
});

test("what is removed takes its own comment along and leaves the others", () => {
  expect(diff(text, remove(text, ["rules", 0, "filters", 0]))).toEqual([
    "-      # Only what is finished",
    "-      - extension: [pdf, tiff]",
  ]);
  expect(diff(text, remove(text, ["rules", 1, "enabled"]))).toEqual(["-    enabled: true"]);
});

test("items change places with their comments", () => {
  const moved = carry(text, ["rules", 0, "filters", 1], ["rules", 0, "filters"], 0);
  expect(diff(text, moved)).toEqual([]);
  expect(rulesOf(moved)?.[0]?.["filters"]).toEqual([{ name: { contains: "invoice" } }, { extension: ["pdf", "tiff"] }]);
  expect(moved).toContain("      # Only what is finished\n      - extension: [pdf, tiff]\n    actions:");
});

test("whatever way a file is written, a change means what it should and comments stay", () => {
  const flow = "rules: [{name: A, actions: [trash], filters: [extension: pdf]}] # all of it\n";
  for (const after of [
    set(flow, ["rules", 0, "name"], "x, y"),
    set(flow, ["rules", 0, "enabled"], false),
    append(flow, ["rules", 0, "actions"], "trash"),
    remove(flow, ["rules", 0, "filters", 0]),
  ]) {
    expect(rulesOf(after)).not.toBeNull();
    expect(after).toContain("# all of it");
  }
  expect(rulesOf(set(flow, ["rules", 0, "name"], "x, y"))?.[0]?.["name"]).toBe("x, y");
});

test("what is no list of rules is left to the source tab", () => {
  expect(rulesOf("rules: [")).toBeNull();
  expect(rulesOf("rules: 3")).toBeNull();
  expect(rulesOf("")).toBeNull();
  expect(rulesOf(newRule)).toHaveLength(1);
});

test("within brackets, too, a change touches its own line alone", () => {
  const flow = `rules:
  - name: Camera   # mine
    when: { volume: mounted, label: EOS }
    locations: [ ~/a, ~/b ]
    actions: [trash]
`;
  const line = (after: string) => diff(flow, after).filter((one) => one.startsWith("+"));
  const when = ["rules", 0, "when"];
  expect(line(set(flow, [...when, "removable"], true))).toEqual([
    "+    when: { volume: mounted, label: EOS, removable: true }",
  ]);
  expect(line(remove(flow, [...when, "label"]))).toEqual(["+    when: { volume: mounted }"]);
  expect(line(remove(flow, [...when, "volume"]))).toEqual(["+    when: { label: EOS }"]);
  expect(line(append(flow, ["rules", 0, "locations"], "~/c, d"))).toEqual(['+    locations: [ ~/a, ~/b, "~/c, d" ]']);
  expect(line(append(flow, ["rules", 0, "actions"], { echo: "hi" }))).toEqual(["+    actions: [trash, { echo: hi }]"]);
  expect(line(remove(flow, ["rules", 0, "locations", 0]))).toEqual(["+    locations: [ ~/b ]"]);
  expect(line(remove(flow, ["rules", 0, "actions", 0]))).toEqual(["+    actions: []"]);
});

const nested = `rules:
  - filters:
      # first
      - extension: pdf
      - any:
          - empty
          # the name counts
          - name:
              contains: invoice
      - size: "> 1"
    actions:
      - trash
`;

test("a new key of a rule stands where people look for it, and one of another mapping behind the others", () => {
  const after = set(set(text, ["rules", 1, "when"], { schedule: { at: "18:30" } }), ["rules", 1, "while"], "online");
  expect(after).toContain(`    enabled: true
    when:
      schedule:
        at: "18:30"
    while: online
    locations: [~/Desktop, ~/Downloads]
`);
  expect(set(after, ["rules", 1, "when", "missed"], "skip")).toContain('        at: "18:30"\n      missed: skip\n');
  expect(diff(after, set(after, ["rules", 1, "when", "missed"], "skip"))).toEqual(["+      missed: skip"]);
});

test("an item is carried to any place of its list", () => {
  const filters = ["rules", 0, "filters"];
  const after = carry(nested, [...filters, 0], filters, 3);
  expect(rulesOf(after)?.[0]?.["filters"]).toEqual([
    { any: ["empty", { name: { contains: "invoice" } }] },
    { size: "> 1" },
    { extension: "pdf" },
  ]);
  expect(diff(nested, after)).toEqual([]);
  expect(after).toContain('      - size: "> 1"\n      # first\n      - extension: pdf\n    actions:');
  expect(carry(after, [...filters, 2], filters, 0)).toBe(nested);
  expect(carry(nested, [...filters, 1], filters, 2)).toBe(nested);
});

test("an item is carried into a group and out of it, with its comment and at its indentation", () => {
  const filters = ["rules", 0, "filters"];
  const group = [...filters, 1, "any"];
  const inside = carry(nested, [...filters, 0], group, 1);
  expect(rulesOf(inside)?.[0]?.["filters"]).toEqual([
    { any: ["empty", { extension: "pdf" }, { name: { contains: "invoice" } }] },
    { size: "> 1" },
  ]);
  expect(inside).toContain("          # first\n          - extension: pdf\n          # the name counts\n");
  const outside = carry(nested, [...group, 1], filters, 2);
  expect(outside).toContain("      # the name counts\n      - name:\n          contains: invoice\n      - size");
  expect(carry(nested, [...filters, 1], group, 0)).toBe(nested);
});

test("a carried item means the same however the lists are written", () => {
  const flow = "rules: [{filters: [extension: pdf, any: [empty]], actions: [trash]}] # all of it\n";
  const after = carry(flow, ["rules", 0, "filters", 0], ["rules", 0, "filters", 1, "any"], 1);
  expect(rulesOf(after)?.[0]?.["filters"]).toEqual([{ any: ["empty", { extension: "pdf" }] }]);
  expect(after).toContain("# all of it");
  const last = carry(nested, ["rules", 0, "filters", 1, "any", 0], ["rules", 0, "filters"], 0);
  const emptied = carry(last, ["rules", 0, "filters", 2, "any", 0], ["rules", 0, "filters"], 1);
  expect(rulesOf(emptied)?.[0]?.["filters"]).toEqual([
    "empty",
    { name: { contains: "invoice" } },
    { extension: "pdf" },
    { any: [] },
    { size: "> 1" },
  ]);
});

test("a group is turned round by its key alone, with all that is said in it", () => {
  const negated = rename(nested, ["rules", 0, "filters", 1, "any"], "not any");
  expect(diff(nested, negated)).toEqual(["-      - any:", "+      - not any:"]);
  expect(rename(negated, ["rules", 0, "filters", 1, "not any"], "any")).toBe(nested);
});

const commented = `rules:
  # Papers
  - filters:
      - extension:
          - pdf   # mail
          # from the scanner
          - tiff
          - djvu # rare
    actions:
      - echo: >-   # said aloud
          It is done,
          and well.

      # Where to
      - move: ~/Documents/
      - shell: |
          ls

  - actions: [trash]
`;

test("a list in lines is changed item by item, and the others keep what is said of them", () => {
  const extension = ["rules", 0, "filters", 0, "extension"];
  const lines = (after: string[]) => diff(commented, set(commented, extension, after));
  expect(lines(["pdf", "tiff", "djvu", "zip"])).toEqual(["+          - zip"]);
  expect(lines(["zip", "pdf", "tiff", "djvu"])).toEqual(["+          - zip"]);
  expect(lines(["pdf", "zip", "tiff", "djvu"])).toEqual(["+          - zip"]);
  expect(lines(["pdf", "tiff"])).toEqual(["-          - djvu # rare"]);
  expect(lines(["pdf", "djvu"])).toEqual(["-          # from the scanner", "-          - tiff"]);
  expect(lines(["pdf", "tif", "djvu"])).toEqual(["-          - tiff", "+          - tif"]);
  expect(lines(["djvu"])).toEqual(["-          - pdf   # mail", "-          # from the scanner", "-          - tiff"]);
});

test("a text that is folded into lines stays one, and nothing behind it moves", () => {
  const after = set(commented, ["rules", 0, "actions", 0, "echo"], "Done: {path.name}");
  expect(diff(commented, after)).toEqual([
    "-          It is done,",
    "-          and well.",
    "+          Done: {path.name}",
  ]);
  const script = set(commented, ["rules", 0, "actions", 2, "shell"], "ls\npwd\n");
  expect(diff(commented, script)).toEqual(["+          pwd"]);
  const number = set(commented, ["rules", 0, "actions", 0, "echo"], 3);
  expect(number).toContain("      - echo: 3\n\n      # Where to\n");
  const short = "rules:\n  - actions:\n      - echo: >-\n          a\n";
  expect(set(short, ["rules", 0, "actions", 0, "echo"], "b")).toBe(short.replace("          a", "          b"));
});

test("lines that end as on Windows do so after each change, too", () => {
  const windows = text.replaceAll("\n", "\r\n");
  const filters = ["rules", 0, "filters"];
  for (const change of [
    (before: string) => set(before, ["rules", 0, "name"], "Bills"),
    (before: string) => set(before, ["rules", 0, "enabled"], false),
    (before: string) => append(before, filters, "empty"),
    (before: string) => remove(before, [...filters, 0]),
    (before: string) => carry(before, [...filters, 1], filters, 0),
    (before: string) => rename(before, [...filters, 0, "extension"], "not extension"),
  ]) {
    expect(change(text)).not.toBe(text);
    expect(change(windows)).toBe(change(text).replaceAll("\n", "\r\n"));
  }
});
