import { expect, test } from "vitest";
import { rulesOf } from "../editor/draft";
import { schema } from "../platform/fake/schema";
import { add, clausesOf, drop, nounsOf, startOf, tell, type Clause, type Kind } from "./occasions";

const path = (kind: Kind) => ["rules", 0, kind];
const nouns = (kind: Kind) => nounsOf(schema, kind);
const ruleWith = (lines: string) => `rules:\n  - name: A # mine\n${lines}    actions: [trash]\n`;

/** The nouns of a rule as they stand in a text. */
function read(text: string, kind: Kind): Clause[] | null {
  return clausesOf(nouns(kind), path(kind), rulesOf(text)?.[0]?.[kind]);
}

function only(text: string, kind: Kind): Clause {
  const [clause] = read(text, kind) ?? [];
  if (!clause) throw new Error("there is none");
  return clause;
}

test("every noun of the schema can be waited for, and those that last can be asked about", () => {
  const names = (kind: Kind) => nouns(kind).map((noun) => noun.name);
  expect(names("when")).toEqual(expect.arrayContaining(["files", "schedule", "hotkey", "started", ...names("while")]));
  expect(names("while")).toEqual(
    expect.arrayContaining(["volume", "usb", "power", "battery", "network", "session", "idle", "display"]),
  );
  expect(names("while")).not.toContain("schedule");
});

test.each(["when", "while"] as const)("each noun of %s that is begun is read back and taken away again", (kind) => {
  const text = ruleWith("");
  for (const noun of nouns(kind)) {
    const begun = add(text, path(kind), undefined, startOf(noun));
    expect(only(begun, kind).noun, begun).toBe(noun.name);
    expect(drop(begun, path(kind), rulesOf(begun)?.[0]?.[kind], only(begun, kind))).toBe(text);
  }
});

test("a word, a mapping and a list are read, each at its place", () => {
  expect(read(ruleWith("    when: started\n"), "when")).toMatchObject([{ noun: "started", bare: true }]);
  expect(read(ruleWith("    when: { volume: mounted, label: EOS }\n"), "when")).toMatchObject([
    { noun: "volume", bare: false, values: { volume: "mounted", label: "EOS" }, path: ["rules", 0, "when"] },
  ]);
  const list = ruleWith("    when:\n      - files\n      - schedule: { every: 6h }\n        missed: skip\n");
  expect(read(list, "when")).toMatchObject([
    { noun: "files", path: ["rules", 0, "when", 0] },
    { noun: "schedule", values: { schedule: { every: "6h" }, missed: "skip" }, path: ["rules", 0, "when", 1] },
  ]);
});

test("several nouns in one mapping are told apart, or left to the source where that cannot be", () => {
  const both = ruleWith("    while: { power: ac, session: locked }\n");
  expect(read(both, "while")?.map((clause) => [clause.noun, clause.values])).toEqual([
    ["power", { power: "ac" }],
    ["session", { session: "locked" }],
  ]);
  expect(drop(both, path("while"), rulesOf(both)?.[0]?.["while"], only(both, "while"))).toBe(
    ruleWith("    while: { session: locked }\n"),
  );
  expect(read(ruleWith("    while: { network: online, display: connected, name: X }\n"), "while")).toBeNull();
  expect(read(ruleWith("    when: [[started]]\n"), "when")).toBeNull();
  expect(read(ruleWith("    when: { moon: full }\n"), "when")).toBeNull();
});

test("what a noun is told changes its own line and nothing else", () => {
  const text = ruleWith("    # the camera\n    when: { volume: mounted, label: EOS } # mine too\n");
  const told = tell(text, only(text, "when"), "removable", true);
  expect(told).toBe(text.replace("label: EOS", "label: EOS, removable: true"));
  expect(tell(told, only(told, "when"), "removable", null)).toBe(text);
  expect(tell(text, only(text, "when"), "volume", ["mounted", "unmounted"])).toBe(
    text.replace("volume: mounted", "volume: [ mounted, unmounted ]"),
  );
});

test("a second noun makes a list of the first, and the last one takes the key along", () => {
  const text = ruleWith("    when:\n      volume: mounted\n      label: EOS\n");
  const both = add(text, path("when"), rulesOf(text)?.[0]?.["when"], "started");
  expect(rulesOf(both)?.[0]?.["when"]).toEqual([{ volume: "mounted", label: "EOS" }, "started"]);
  expect(both).toContain("  - name: A # mine\n");
  const [, started] = read(both, "when") ?? [];
  const back = drop(both, path("when"), rulesOf(both)?.[0]?.["when"], started as Clause);
  expect(rulesOf(back)?.[0]?.["when"]).toEqual([{ volume: "mounted", label: "EOS" }]);
  expect(drop(back, path("when"), rulesOf(back)?.[0]?.["when"], only(back, "when"))).toBe(ruleWith(""));
});

test("a word that is told something becomes a mapping", () => {
  const text = ruleWith("    when: started\n");
  expect(tell(text, only(text, "when"), "started", "usher")).toBe(ruleWith("    when: { started: usher }\n"));
});
