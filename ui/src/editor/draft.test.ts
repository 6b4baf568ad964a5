import { expect, test } from "vitest";
import { append, move, newRule, remove, rulesOf, set } from "./draft";

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
  const moved = move(text, ["rules", 0, "filters", 1], -1);
  expect(diff(text, moved)).toEqual([]);
  expect(rulesOf(moved)?.[0]?.["filters"]).toEqual([{ name: { contains: "invoice" } }, { extension: ["pdf", "tiff"] }]);
  expect(moved).toContain("      # Only what is finished\n      - extension: [pdf, tiff]\n    actions:");
  expect(move(text, ["rules", 0, "filters", 0], -1)).toBe(text);
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
