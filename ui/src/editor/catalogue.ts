// The filters and actions there are, from the schema, and what a new one begins with.

import { groupNames } from "./parts";
import { keysOf, partsAt, wordsOf, type Key, type Schema } from "./schema";

/** The names of one kind, in the schema's order; `not` is a switch of its own. */
export function namesOf(schema: Schema | null, kind: "filter" | "action"): Key[] {
  if (!schema) return [];
  const parts = partsAt(schema, ["rules", `${kind}s`]);
  const keys = keysOf(parts).filter((key) => !key.name.startsWith("not "));
  const bare = wordsOf(parts).filter((word) => !word.startsWith("not ") && keys.every((key) => key.name !== word));
  return [...keys, ...bare.map((name) => ({ name, about: "", schema: {} }))];
}

/** A first value for parts that mean nothing without one; the preview says at once what is missing for others. */
const starts: Record<string, unknown> = {
  all: [],
  any: ["empty"],
  none: ["empty"],
  extension: ["pdf"],
  name: { contains: "" },
  size: "> 1 MB",
  lastmodified: { days: 30 },
  created: { days: 30 },
  filecontent: "invoice",
  move: "~/Documents/",
  copy: "~/Documents/",
  rename: "{path.stem}{path.suffix}",
  echo: "{path}",
  notify: "{path.name}",
  shell: "echo {path}",
};

/** An item with a name to begin with; `ours` puts the user's own folders into it. */
export function startOf(name: string, ours: (text: string) => string): unknown {
  const start = starts[name];
  if (start === undefined) return name;
  return { [name]: typeof start === "string" ? ours(start) : start };
}

/** What a filter or an action can be told by name. */
export function paramsOf(schema: Schema | null, kind: "filter" | "action", name: string): Key[] {
  return schema ? keysOf(partsAt(schema, ["rules", `${kind}s`, name])) : [];
}

/** What a rule can be told besides what has a place of its own in the form; made-up files are for the source. */
const options = ["subfolders", "targets", "filter_mode", "limit", "settle", "repeat", "cooldown", "stop", "tags"];

/** Those options, as the schema has them. */
export function optionsOf(schema: Schema | null): Key[] {
  const keys = schema ? keysOf(partsAt(schema, ["rules"])) : [];
  return options.flatMap((name) => keys.find((key) => key.name === name) ?? []);
}

/** The schema of what a filter or an action is told without a name. What a group is told are filters. */
export function valueOf(schema: Schema | null, kind: "filter" | "action", name: string): Schema {
  if (groupNames.includes(name)) return {};
  return namesOf(schema, kind).find((key) => key.name === name)?.schema ?? {};
}
