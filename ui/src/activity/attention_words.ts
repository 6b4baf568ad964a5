// What waits for the user, in the words of the window. The owner's own sentence, which is English and knows more than the
// code says, stands below them in any other language.

import type { Attention } from "../api/Attention";
import type { Status } from "../api/Status";
import { nameOf } from "../words/path_text";
import { t, words } from "../words/words.svelte";

/** The words of each code. */
export const attentionWords: Record<string, string> = {
  question: "activity-needs-question",
  internal: "activity-needs-internal",
  journal: "activity-needs-journal",
  journal_set_aside: "activity-needs-journal-set-aside",
  rule_problem: "activity-needs-rule-problem",
  settings: "activity-needs-settings",
  folder: "activity-needs-folder",
  loop_stopped: "activity-needs-loop",
  failed_step: "activity-needs-failed-step",
  failed_filter: "activity-needs-failed-filter",
  failed_location: "activity-needs-failed-location",
  recovered: "activity-needs-recovered",
  notifications: "activity-needs-notifications",
};

/** What waits, in the window's words; nothing where the owner's own sentence says it as well. */
export function attentionText(item: Attention, status: Status | null): string | null {
  const id = idOf(item, status);
  if (words.language === "en" || id === undefined) return null;
  return t(id, { name: item.path === null ? "" : nameOf(item.path), rule: ruleName(item.rule) });
}

function idOf({ code, path }: Attention, status: Status | null): string | undefined {
  const folder = code === "folder" ? status?.folders.find((one) => one.path === path) : undefined;
  return folder?.mode === "unreadable" ? "activity-needs-folder-unreadable" : attentionWords[code];
}

/** The title in a rule's id, which begins with its file. */
function ruleName(id: string | null): string {
  return id === null ? "" : id.slice(id.indexOf("/") + 1);
}
