// Why the fake owner handles a path: one rule of each verdict, so that the pane has everything to show.

import type { FilterWhy } from "../../api/FilterWhy";
import type { RuleWhy } from "../../api/RuleWhy";
import type { Step } from "../../api/Step";
import type { Why } from "../../api/Why";
import { foreign } from "../refusal";
import { home } from "./seed";
import { said } from "./said";

function filter(
  name: string,
  wanted: string,
  seen: string | null,
  outcome: string,
  members: FilterWhy[] = [],
): FilterWhy {
  return { filter: name, wanted, seen, outcome, error: null, members };
}

function rule(parts: Partial<RuleWhy> & Pick<RuleWhy, "rule" | "title" | "verdict" | "summary">): RuleWhy {
  const file = `${home}/.config/usher/rules/documents.yaml`;
  return { file, line: 2, filters: [], would: [], last_acted: null, again: null, ...parts };
}

/** The account of a path. */
export function accountOf(path: string, steps: Step[], exists: boolean): Why {
  return {
    path,
    exists,
    waiting: path.endsWith(".part") ? said("waits-name") : null,
    steps,
    rules: [
      rule({
        rule: "invoices",
        title: "File invoices",
        verdict: "matches",
        summary: said("why-would-act"),
        filters: [
          filter("extension", "pdf", "pdf", "match"),
          filter("any", "", null, "match", [
            filter("filecontent", "(?i)invoice|facture", "“Facture n° 2026-1187”", "match"),
            filter("name", "contains invoice", null, "not_reached"),
          ]),
        ],
        would: [foreign(`move ${path} -> ${home}/Documents/Invoices/2026/`)],
        last_acted: steps[0]?.at ?? null,
      }),
      rule({
        rule: "old-downloads",
        title: "Throw old downloads away",
        verdict: "filtered_out",
        summary: said("why-turned-away-has", {
          filter: "lastmodified",
          wanted: "older than 30 days",
          seen: "3 minutes",
        }),
        filters: [
          filter("lastmodified", "older than 30 days", "3 minutes", "no_match"),
          filter("not name", "keep*", null, "not_reached"),
        ],
      }),
      rule({ rule: "photos", title: "Photos by month", verdict: "disabled", summary: said("why-switched-off") }),
      rule({
        rule: "scans",
        title: "Name and sort scans",
        verdict: "not_covered",
        summary: said("why-elsewhere"),
        line: 14,
      }),
    ],
  };
}
