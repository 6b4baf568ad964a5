// What a rule makes of a file, in the words of the window, as far as the verdict and its filters tell.

import type { FilterWhy } from "../api/FilterWhy";
import type { RuleWhy } from "../api/RuleWhy";
import { labelOf } from "../editor/labels";
import { t, words } from "../words/words.svelte";

/** The filter that has turned the file away, where it is one that can be named. */
function turnedAwayBy(filters: FilterWhy[]): FilterWhy | undefined {
  return filters.find((one) => one.outcome === "no_match");
}

function filterName(filter: string): string {
  const name = filter.replace(/^not /, "");
  const label = labelOf("filter", name);
  return name === filter ? label : `${t("editor-not")} ${label}`;
}

/** Why filters turn a file away; nothing where that is not simply one of them, or the owner's sentence says it as well. */
export function passedText(filters: FilterWhy[]): string | null {
  const filter = turnedAwayBy(filters);
  if (words.language === "en" || !filter) return null;
  const args = { filter: filterName(filter.filter), wanted: filter.wanted, seen: filter.seen ?? "" };
  return t(filter.seen === null || filter.members.length > 0 ? "why-turned-away" : "why-turned-away-seen", args);
}

/** The verdict of a rule as a sentence; nothing where the owner's own says more, or as much. */
export function verdictText(rule: RuleWhy): string | null {
  if (words.language === "en") return null;
  switch (rule.verdict) {
    case "matches":
      return t("why-says-matches");
    case "disabled":
      return t("why-says-disabled");
    case "filtered_out":
      return passedText(rule.filters);
    case "not_covered":
      return t("why-says-not-covered");
    case "already_handled":
      return null;
  }
}
