import { expect, test } from "vitest";
import { fieldText, fieldValue, isGroup, itemOf, paramsIn, partOf } from "./parts";

test("a part is a name alone or with something behind it, and goes back the same way", () => {
  for (const item of ["trash", { extension: ["pdf"] }, { "not name": "draft" }, { any: ["empty"] }]) {
    const part = partOf(item);
    expect(part && itemOf(part)).toEqual(item);
  }
  expect(partOf({ "not name": "draft" })).toEqual({ name: "name", negated: true, value: "draft" });
  expect(partOf({ move: "a", copy: "b" })).toBeNull();
  expect(partOf([])).toBeNull();
});

test("a group is one only with a list", () => {
  expect(isGroup({ name: "any", negated: false, value: [] })).toBe(true);
  expect(isGroup({ name: "any", negated: false, value: null })).toBe(false);
});

test("what a part is told by name has fields of its own, unless it is long", () => {
  expect(paramsIn({ days: 30 })).toEqual({ days: 30 });
  expect(paramsIn({ code: "a\nb" })).toBeNull();
  expect(paramsIn({})).toBeNull();
  expect(paramsIn(["a"])).toBeNull();
  expect(paramsIn("a")).toBeNull();
});

test("a field shows a value in one line and reads it back as the same kind", () => {
  expect(fieldText(["pdf", "txt"])).toBe("pdf, txt");
  expect(fieldValue("pdf,  zip ", ["pdf"])).toEqual(["pdf", "zip"]);
  expect(fieldText({ days: 30 })).toBe("{ days: 30 }");
  expect(fieldValue("{ days: 7 }", { days: 30 })).toEqual({ days: 7 });
  expect(fieldValue("{ days", { days: 30 })).toBe("{ days");
  expect(fieldValue("12", 3)).toBe(12);
  expect(fieldValue("12", "x")).toBe("12");
  expect(fieldValue("  ", "x")).toBeNull();
});
