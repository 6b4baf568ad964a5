// What a screen reader says of a run that has ended, and of what has come up for the user.

import type { Attention } from "../api/Attention";
import type { Run } from "../api/Run";
import type { Status } from "../api/Status";
import { shortenAll } from "../words/path_text";
import { quoted, safeText } from "../words/safe_text";
import { t, tell } from "../words/words.svelte";
import { attentionText } from "./attention_words";

/** More than these at once are only counted. */
const mostTold = 3;

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

/** What waits for the user since the last time, in a sentence each; nothing where all of it was there before. */
export function attentionAnnouncement(before: Status, now: Status): string | null {
  const fresh = now.attention.filter((item) => isNew(item, before.attention));
  if (fresh.length === 0) return null;
  if (fresh.length > mostTold) return t("status-attention-count", { count: now.attention.length });
  const texts = fresh.map(
    (item) => attentionText(item, now)?.message ?? safeText(shortenAll(tell(item.message), now.home)),
  );
  return [t("activity-attention"), ...texts].join(". ");
}

/** Whether something was not there: not itself, and not behind a later one of its kind, which is shown for both. */
function isNew(item: Attention, before: Attention[]): boolean {
  return !before.some(({ code, rule, path, run, question, at }) => {
    if (code !== item.code || rule !== item.rule) return false;
    const isSame = path === item.path && run === item.run && question === item.question;
    return isSame || Date.parse(at) > Date.parse(item.at);
  });
}
