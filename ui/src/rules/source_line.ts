// A line of a rule file with the place of a problem marked. Columns are counted in characters of the file; the caret
// has to stand below what is shown, where one character may have become a longer stand-in.

import type { Problem } from "../api/Problem";
import { safeText } from "../words/safe_text";

/** A source line in three pieces, and the second line that points at the middle one. */
export interface MarkedLine {
  before: string;
  at: string;
  after: string;
  indent: string;
  caret: string;
}

/** Cuts the line of a problem. Nothing where the problem has no line. */
export function marked(problem: Pick<Problem, "source_line" | "column" | "length">): MarkedLine | null {
  if (problem.source_line.trim() === "") return null;
  // A tab has no width of its own; one space keeps the caret where it belongs.
  const letters = Array.from(problem.source_line.replaceAll("\t", " "));
  const start = Math.min(Math.max(problem.column - 1, 0), letters.length);
  const end = Math.min(start + Math.max(problem.length, 1), letters.length);
  const before = letters.slice(0, start).join("");
  const at = letters.slice(start, end).join("");
  const width = (text: string) => Array.from(safeText(text)).length;
  return {
    before,
    at,
    after: letters.slice(end).join(""),
    indent: " ".repeat(width(before)),
    caret: "^".repeat(Math.max(width(at), 1)),
  };
}
