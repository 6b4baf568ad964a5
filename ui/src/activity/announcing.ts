// What a screen reader says of a run that has ended.

import type { Run } from "../api/Run";
import { quoted } from "../words/safe_text";
import { t, tell } from "../words/words.svelte";

/** A run in short sentences: what it was, how much it did, and what failed. */
export function announcementOf(run: Run): string {
  const done = t("shell-announce-done", { count: run.step_count - run.failed });
  const failed = run.failed > 0 ? ` ${t("shell-announce-failed", { count: run.failed })}` : "";
  return `${titleOf(run)}. ${done}${failed}`;
}

function titleOf({ kind, rules, cause }: Run): string {
  const names = rules.join(", ") || tell(cause);
  if (kind === "undo") return t("activity-undid", { rules: names });
  if (kind === "redo") return t("activity-redid", { rules: names });
  return quoted(names);
}
