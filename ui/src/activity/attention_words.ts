// What waits for the user, in the words of the window. The owner's own sentence, which is English and knows more than the
// code says, stands below them in any other language.

import type { Attention } from "../api/Attention";
import type { Status } from "../api/Status";
import { nameOf } from "../words/path_text";
import { t, words } from "../words/words.svelte";

interface Sentences {
  /** What it is about. */
  message: string;
  /** What to do; nothing where the owner alone can tell. */
  hint?: string;
  /** Whether that says everything that the owner's sentence does. */
  whole?: true;
}

/** The words of each code. */
export const attentionWords: Record<string, Sentences> = {
  question: { message: "activity-needs-question" },
  internal: { message: "activity-needs-internal", hint: "activity-needs-internal-hint" },
  journal: { message: "activity-needs-journal", hint: "activity-needs-journal-hint" },
  journal_damaged: { message: "activity-needs-journal-damaged", hint: "activity-needs-journal-damaged-hint" },
  journal_set_aside: { message: "activity-needs-journal-set-aside", hint: "activity-needs-journal-set-aside-hint" },
  rules_folder: { message: "activity-needs-rules-folder", hint: "activity-needs-rules-folder-hint" },
  rule_problem: { message: "activity-needs-rule-problem" },
  settings: { message: "activity-needs-settings" },
  folder: { message: "activity-needs-folder", hint: "activity-needs-folder-hint", whole: true },
  loop_stopped: { message: "activity-needs-loop" },
  failed_step: { message: "activity-needs-failed-step" },
  failed_filter: { message: "activity-needs-failed-filter" },
  failed_location: { message: "activity-needs-failed-location", hint: "activity-needs-failed-location-hint" },
  recovered: { message: "activity-needs-recovered", hint: "activity-needs-recovered-hint" },
  notifications: { message: "activity-needs-notifications", hint: "activity-needs-notifications-hint" },
};

const limit: Sentences = { message: "activity-needs-limit", whole: true };

const unreadable: Sentences = {
  message: "activity-needs-folder-unreadable",
  hint: "activity-needs-folder-unreadable-hint",
  whole: true,
};

/** What is said of something that waits, where the window says it. */
export interface Said {
  message: string;
  /** Nothing where the owner's is to be shown. */
  hint: string | null;
  whole: boolean;
}

/** What waits, in the window's words; nothing where the owner's own sentence says it as well. */
export function attentionText(item: Attention, status: Status | null): Said | null {
  const sentences = sentencesOf(item, status);
  if (words.language === "en" || !sentences) return null;
  const { message, hint, whole = false } = sentences;
  const args = { name: item.path === null ? "" : nameOf(item.path), rule: ruleName(item.rule), ...item.beyond };
  return { message: t(message, args), hint: hint === undefined || item.hint === null ? null : t(hint), whole };
}

function sentencesOf({ code, path, beyond }: Attention, status: Status | null): Sentences | undefined {
  if (beyond !== null) return limit;
  const folder = code === "folder" ? status?.folders.find((one) => one.path === path) : undefined;
  return folder?.mode === "unreadable" ? unreadable : attentionWords[code];
}

/** The title in a rule's id, which begins with its file. */
export function ruleName(id: string | null): string {
  return id === null ? "" : id.slice(id.indexOf("/") + 1);
}
