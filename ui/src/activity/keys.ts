// The keyboard of the list: where the cursor goes, and what is done to the line under it.

import type { Row } from "./log";

/** What a key press asks of the list. */
export type ListCommand =
  "next" | "previous" | "first" | "last" | "unfold" | "fold" | "open" | "open_file" | "undo" | "retry" | "why";

const keys: Record<string, ListCommand> = {
  ArrowDown: "next",
  j: "next",
  ArrowUp: "previous",
  k: "previous",
  Home: "first",
  End: "last",
  ArrowRight: "unfold",
  ArrowLeft: "fold",
  Enter: "open",
  o: "open_file",
  u: "undo",
  r: "retry",
  w: "why",
};

/** Reads a key press on a line. */
export function listCommandOf(press: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">) {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  return keys[press.key] ?? null;
}

/** The line the cursor stands on after a move; the first one where it stood nowhere. */
export function moved(rows: Row[], cursor: string | null, command: ListCommand): Row | undefined {
  const at = rows.findIndex((row) => row.key === cursor);
  switch (command) {
    case "next":
      return rows[Math.min(at + 1, rows.length - 1)];
    case "previous":
      return rows[Math.max(at - 1, 0)];
    case "first":
      return rows[0];
    case "last":
      return rows.at(-1);
    default:
      return rows[at];
  }
}
