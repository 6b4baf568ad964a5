// What the palette lists. An entry is data: what it shows, and what its keys do.

import type { Component } from "svelte";

/** The groups, in the order they are listed. */
export const groups = ["commands", "rules", "settings", "folders", "runs", "files"] as const;

/** One of the groups. */
export type Group = (typeof groups)[number];

/** One line of the palette. */
export interface Entry {
  key: string;
  group: Group;
  icon: Component<{ size?: number }>;
  /** A text, or a path where `isPath`. */
  title: string;
  isPath?: boolean;
  /** More, in words of the window or of the owner. */
  detail?: string;
  /** When it happened, RFC 3339. */
  at?: string;
  /** The keys that do the same from anywhere. */
  chord?: string;
  /** Enter. */
  open: () => void | Promise<void>;
  /** Enter with Ctrl or Cmd held: shows it in the file manager. */
  reveal?: () => void | Promise<void>;
  /** Enter with Shift held: opens it in the program the system has for it. */
  openFile?: () => void | Promise<void>;
}

/** What Enter does, by the key that is held with it. */
export type Deed = "open" | "reveal" | "openFile";

/** What is asked for by the keys that are held. */
export function deedOf(held: Pick<KeyboardEvent, "ctrlKey" | "metaKey" | "shiftKey">): Deed {
  return held.ctrlKey || held.metaKey ? "reveal" : held.shiftKey ? "openFile" : "open";
}

/** One line on the screen: the name of a group, or an entry with its place among the entries. */
export type Line = { head: Group } | { entry: Entry; nr: number };

/** The entries, each with a key of its own: two paths that are no text may read alike. */
export function apart(entries: Entry[]): Entry[] {
  const times = new Map<string, number>();
  return entries.map((entry) => {
    const time = (times.get(entry.key) ?? 0) + 1;
    times.set(entry.key, time);
    return time === 1 ? entry : { ...entry, key: `${entry.key} (${time})` };
  });
}

/** The lines of some entries, each group under its name. */
export function linesOf(entries: Entry[]): Line[] {
  const lines: Line[] = [];
  let last: Group | null = null;
  entries.forEach((entry, nr) => {
    if (entry.group !== last) lines.push({ head: entry.group });
    last = entry.group;
    lines.push({ entry, nr });
  });
  return lines;
}
