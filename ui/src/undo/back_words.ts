// What taking a step back does to what it is about, where that is not simply put back.

import type { UndoLine } from "../api/UndoLine";
import { t } from "../words/words.svelte";

const words: Record<string, string> = {
  archive: "undo-taken-away",
  copy: "undo-taken-away",
  extract: "undo-taken-away",
  hardlink: "undo-taken-away",
  symlink: "undo-taken-away",
  macos_tags: "undo-tags-back",
  tag: "undo-tags-back",
  write: "undo-text-back",
};

/** A word on a line that leads nowhere; nothing where the line itself has to say it. */
export function backWord({ step }: UndoLine): string | null {
  const id = words[step.action];
  return id === undefined ? null : t(id);
}
