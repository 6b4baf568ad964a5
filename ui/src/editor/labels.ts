// What the names of the rule language are called. One that this window does not know is called by its own name.

import { safeText } from "../words/safe_text";
import { t, words } from "../words/words.svelte";

/** What a name stands for. */
export type Named = "filter" | "action" | "option" | "param" | "choice";

/** The id of a name's label: the one of what it belongs to, where it means something else there. */
export function labelId(named: Named, name: string, owner = ""): string | null {
  const key = name.replaceAll(/[^\w-]/g, "_");
  return [`${named}-${owner}-${key}`, `${named}-${key}`].find((id) => words.has(id)) ?? null;
}

/** What a name is called; `owner` is what it belongs to. */
export function labelOf(named: Named, name: string, owner?: string): string {
  const id = labelId(named, name, owner);
  return id === null ? safeText(name) : t(id);
}

/** The label with the name behind it, where there is room for a line alone. */
export function fullLabelOf(named: Named, name: string, owner?: string): string {
  const label = labelOf(named, name, owner);
  return isSame(label, name) ? label : `${label} · ${safeText(name)}`;
}

/** Whether a label says no more than the name. */
export function isSame(label: string, name: string): boolean {
  return label.toLowerCase() === name.toLowerCase();
}

/** What the schema says of a name. It speaks English alone. */
export function hintOf(about: string): string | undefined {
  return words.language === "en" && about !== "" ? about : undefined;
}
