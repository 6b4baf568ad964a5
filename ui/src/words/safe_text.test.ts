import { expect, test } from "vitest";
import { quoted, safeParts, safeText } from "./safe_text";

test("control characters show their names", () => {
  expect(safeText("two\nlines\tand\u001b[31m red\u0007\u007f")).toBe("two‹LF›lines‹TAB›and‹ESC›[31m red‹BEL›‹DEL›");
  expect(safeText("\u0085")).toBe("‹U+0085›");
});

test("marks that turn text around show their code", () => {
  expect(safeText("invoice\u202Efdp.exe")).toBe("invoice‹U+202E›fdp.exe");
  for (const code of [0x200e, 0x200f, 0x061c, 0x202a, 0x202d, 0x2066, 0x2069]) {
    expect(safeText(String.fromCodePoint(code))).toBe(`‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`);
  }
});

test("what cannot be seen is seen", () => {
  for (const code of [0x00ad, 0x200b, 0x2028, 0x2029, 0x2060, 0x3164, 0xfeff, 0xe0041]) {
    expect(safeText(`a${String.fromCodePoint(code)}b`)).toMatch(/^a‹U\+[0-9A-F]{4,5}›b$/u);
  }
});

test("half a surrogate pair is shown, a whole one is left", () => {
  expect(safeText("a\ud800b")).toBe("a‹U+D800›b");
  expect(safeText("🗂️")).toBe("🗂️");
});

test("words of every script are left as they are", () => {
  for (const name of [
    "Müller & Söhne.pdf",
    "חשבונית 2026.pdf",
    "می‌خواهم.txt",
    "👩‍💻 notes.md",
    "日本語.txt",
    "<b>.html",
  ]) {
    expect(safeText(name)).toBe(name);
  }
});

test("parts join to the safe text, and only stand-ins are marked", () => {
  const parts = safeParts("a\u202Eb\n");
  expect(parts).toEqual([
    { text: "a", mark: false },
    { text: "‹U+202E›", mark: true },
    { text: "b", mark: false },
    { text: "‹LF›", mark: true },
  ]);
});

test("a quoted name cannot close its own isolate", () => {
  expect(quoted("a\u2069b")).toBe("\u2068a‹U+2069›b\u2069");
});
