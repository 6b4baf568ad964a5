// What the templates of a rule can say: what its own conditions and events publish, as the schema has it, and what is
// there for every rule. Nothing is offered that the rule could be without when it comes to that place.

import { nounsOf, clausesOf } from "../occasions/occasions";
import type { Path } from "./draft";
import { isGroup, partOf, type Part } from "./parts";
import { choices, partsAt, takesTemplate, type Schema } from "./schema";
import { namesOf, valueOf } from "./catalogue";

/** A rule as plain values. */
type Rule = Record<string, unknown>;

/** What the templates of every rule with a file can say. */
const ofFile = ["{path.name}", "{path.stem}", "{path.suffix}", "{path.parent.name}"];

/** What the templates of every rule can say. */
const ofClock = momentOf("now()");

/** What the names are made of that replace a name which is taken. */
const ofFreeName = ["{name}", "{counter}", "{extension}"];

/** What a template at this place of a rule can say; nothing where no template may stand. */
export function variablesAt(schema: Schema | null, rule: Rule | undefined, path: Path): string[] {
  const [, , list, nr, action, param] = path;
  if (!schema || !rule) return [];
  if (list === "locations") return [...ofEvents(schema, rule), ...(isWoken(schema, rule) ? ofClock : [])];
  if (list !== "actions" || typeof nr !== "number" || typeof action !== "string") return [];
  if (param === "rename_template") return ofFreeName;
  if (!isTemplate(schema, action, param)) return [];
  const file = rule["locations"] === undefined || rule["locations"] === null ? [] : ofFile;
  return [
    ...new Set([...file, ...ofFilters(schema, rule), ...ofEvents(schema, rule), ...ofActions(rule, nr), ...ofClock]),
  ];
}

function isTemplate(schema: Schema, action: string, param: string | number | undefined): boolean {
  if (param === undefined) return takesTemplate(valueOf(schema, "action", action));
  return partsAt(schema, ["rules", "actions", action]).some((part) => {
    const told = part.properties?.[param];
    return told !== undefined && takesTemplate(told);
  });
}

/** What the conditions publish once they have let a file through. */
function ofFilters(schema: Schema, rule: Rule): string[] {
  const known = new Map(namesOf(schema, "filter").map((key) => [key.name, key.schema["x-variables"] ?? []]));
  const mode = typeof rule["filter_mode"] === "string" ? rule["filter_mode"] : "all";
  return asked(rule["filters"], mode, mode === "all").flatMap(({ part, holds }) =>
    (known.get(part.name) ?? []).flatMap((variable) => ofFilter(variable, part, holds)),
  );
}

/** A condition that was surely asked, and whether it surely held. */
interface Asked {
  part: Part;
  holds: boolean;
}

/** The conditions of a list that are asked of every file the list lets through. */
function asked(items: unknown, mode: string, holds: boolean): Asked[] {
  if (!Array.isArray(items)) return [];
  return items.flatMap((item): Asked[] => {
    const part = partOf(item);
    if (!part) return [];
    if (!isGroup(part)) return [{ part, holds: holds && !part.negated }];
    // A group that need not hold ends where its answer is clear, unless it asks every one.
    if (part.negated || (mode !== "all" && part.name !== "any")) return [];
    return asked(part.value, part.name, holds && part.name === "all");
  });
}

/** What one variable of a condition is good for in a template. */
function ofFilter(variable: string, part: Part, holds: boolean): string[] {
  const told = part.value;
  switch (variable) {
    case "extension":
    case "depth":
    case "hash":
      return [`{${variable}}`];
    case "lastmodified":
      return momentOf(variable);
    case "size":
      return ["{size.decimal}"];
    case "tags":
    case "macos_tags":
      return [`{${variable} | join(', ')}`];
    case "name":
      return ofPattern(wordIn(told, "match"), holds);
  }
  if (!holds) return [];
  switch (variable) {
    case "kind":
    case "mimetype":
      return [`{${variable}}`];
    case "created":
    case "date":
    case "date_added":
    case "date_lastused":
      return momentOf(variable);
    case "regex":
    case "filecontent":
      return groupsOf(wordIn(told, "expr")).map((group) => `{${variable}.${group}}`);
    case "exif":
      return ofExif(told);
    case "duplicate":
      return ["{duplicate.original.name}"];
    case "origin":
      return ["{origin.host}"];
    default:
      // What code answers with is anybody's guess.
      return [];
  }
}

/** A moment, as names of folders and files have it. */
function momentOf(variable: string): string[] {
  return [`{${variable}.year}`, `{${variable}.strftime('%Y-%m-%d')}`];
}

/** What a condition is told alone, or under a name. */
function wordIn(told: unknown, param: string): string {
  if (typeof told === "string") return told;
  const word = typeof told === "object" && told !== null ? (told as Rule)[param] : undefined;
  return typeof word === "string" ? word : "";
}

/** The fields of a pattern for names (`{kind}_{year:int}`), or the name where there are none. */
function ofPattern(pattern: string, holds: boolean): string[] {
  const fields = [...pattern.matchAll(/\{(\w*)(?::\w+)?\}/g)].map((match) => match[1] ?? "");
  if (fields.length === 0) return ["{name}"];
  return holds ? fields.filter((field) => field !== "").map((field) => `{name.${field}}`) : [];
}

/** The named groups of an expression. */
function groupsOf(expression: string): string[] {
  return [...expression.matchAll(/\(\?P?<(\w+)>/g)].map((match) => match[1] ?? "");
}

/** What a photo was asked for it has; nearly every one has the moment it was taken. */
function ofExif(told: unknown): string[] {
  const keys = typeof told === "object" && told !== null && !Array.isArray(told) ? Object.keys(told) : [];
  const plain = keys.filter((key) => /^\w+\.\w+$/.test(key) && key !== "image.datetime");
  return [...momentOf("exif.image.datetime"), ...plain.map((key) => `{exif.${key}}`)];
}

/** Whether events alone set the rule off, so that its folders are looked up each time; those it watches are not. */
function isWoken(schema: Schema, rule: Rule): boolean {
  const clauses = clausesOf(nounsOf(schema, "when"), [], rule["when"]) ?? [];
  return clauses.length > 0 && clauses.every(({ noun }) => noun !== "files");
}

/** What is known whatever of its events has set the rule off. */
function ofEvents(schema: Schema, rule: Rule): string[] {
  const clauses = clausesOf(nounsOf(schema, "when"), [], rule["when"]) ?? [];
  const ways = choices(schema, { $ref: "#/$defs/trigger" });
  const brought = clauses.map(({ noun }) => ways.find((way) => way.required?.[0] === noun)?.["x-variables"] ?? []);
  const [first = [], ...others] = brought;
  const sure = first.filter((variable) => others.every((other) => other.includes(variable)));
  return sure.flatMap((variable) => (variable === "schedule.due" ? momentOf(variable) : [`{${variable}}`]));
}

/** What the actions before this one leave behind. */
function ofActions(rule: Rule, nr: number): string[] {
  const before = Array.isArray(rule["actions"]) ? rule["actions"].slice(0, nr) : [];
  return before.some((item) => partOf(item)?.name === "shell") ? ["{shell.output}"] : [];
}
