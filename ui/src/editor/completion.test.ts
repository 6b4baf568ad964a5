import { expect, test } from "vitest";
import { schema } from "../platform/fake/schema";
import { completionsAt, keysAbove } from "./completion";

const labels = (text: string) => completionsAt(schema, text, text.length)?.options.map((one) => one.label);

test("the keys a line stands under are read off the indentation", () => {
  const text = "rules:\n  - name: A\n    filters:\n      - name:\n          contains: x\n          ";
  expect(keysAbove(text, text.length)).toEqual(["rules", "filters", "name"]);
  const flat = "rules:\n- name: A\n  filters:\n  - ";
  expect(keysAbove(flat, flat.length)).toEqual(["rules", "filters"]);
  const nested = "rules:\n- name: A\n  filters:\n  - any:\n    - ";
  expect(keysAbove(nested, nested.length)).toEqual(["rules", "filters", "any"]);
  expect(keysAbove("", 0)).toEqual([]);
});

test("a list beside the one that is written in holds nothing of it", () => {
  const text = "rules:\n  - name: A\n    filters:\n      - empty\n    actions:\n      - trash\n      - ";
  expect(keysAbove(text, text.length)).toEqual(["rules", "actions"]);
  expect(labels(text)).toContain("move");
});

test("what may stand at a place is offered: keys, names alone, words", () => {
  expect(labels("")).toEqual(["rules"]);
  expect(labels("rules:\n  - name: A\n    ")).toContain("filters");
  expect(labels("rules:\n  - filters:\n      - ")).toEqual(expect.arrayContaining(["extension", "any", "empty"]));
  expect(labels("rules:\n  - name: A\n    filters:\n      - any:\n          - ext")).toContain("extension");
  expect(labels("rules:\n  - name: A\n    targets: ")).toEqual(["files", "dirs"]);
  expect(labels("rules:\n  - actions:\n      - move:\n          ")).toContain("on_conflict");
});

test("a begun word is completed from its beginning, and comments are left alone", () => {
  const text = "rules:\n  - na";
  expect(completionsAt(schema, text, text.length)?.from).toBe(text.length - 2);
  expect(completionsAt(schema, "rules: # na", 11)).toBeNull();
  expect(completionsAt(null, text, 3)).toBeNull();
});
