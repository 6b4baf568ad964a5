// The rules by the folders they look in.

import type { RuleFile } from "../api/RuleFile";
import type { RuleInfo } from "../api/RuleInfo";

/** The two ways to list rules. */
export type Listing = "file" | "folder";

/** A rule with the file it stands in. */
export interface Placed {
  rule: RuleInfo;
  file: string;
}

/** A folder with its rules, in the order they run. */
export interface FolderOfRules {
  /** Nothing for rules that look in no folder. */
  path: string | null;
  rules: Placed[];
}

/** Every folder that a rule looks in, by name; a rule that looks in several stands in each. */
export function byFolder(files: RuleFile[]): FolderOfRules[] {
  const folders = new Map<string | null, Placed[]>();
  for (const { path: file, rules } of files) {
    for (const rule of rules) {
      const places = rule.locations.length > 0 ? new Set<string | null>(rule.locations) : [null];
      for (const place of places) folders.set(place, [...(folders.get(place) ?? []), { rule, file }]);
    }
  }
  const listed = [...folders].map(([path, rules]) => ({ path, rules }));
  return listed.sort((a, b) => (a.path === null ? 1 : b.path === null ? -1 : a.path < b.path ? -1 : 1));
}
