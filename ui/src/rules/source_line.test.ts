import { expect, test } from "vitest";
import { marked } from "./source_line";

test("the caret stands below what is wrong", () => {
  const line = marked({ source_line: "  - lastmodifed: 30", column: 5, length: 11 });
  expect(line?.at).toBe("lastmodifed");
  expect(`${line?.before}${line?.at}`.length).toBe(`${line?.indent}${line?.caret}`.length);
});

test("a stand-in is as wide as it is shown", () => {
  const line = marked({ source_line: "a\u202E: b", column: 4, length: 1 });
  expect(line?.indent.length).toBe("a‹U+202E›:".length);
});

test("a place outside the line is drawn at its end, and no line draws nothing", () => {
  expect(marked({ source_line: "ab", column: 99, length: 5 })).toMatchObject({ before: "ab", at: "", caret: "^" });
  expect(marked({ source_line: " ", column: 1, length: 1 })).toBeNull();
});
