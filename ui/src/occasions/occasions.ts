// What a rule waits for (`when`) and what it wants to be so (`while`): read off the text, and changed in it.
//
// Either may be a word, a mapping, or a list of those; and after `while` one mapping may hold several nouns. Whatever
// way a file has it, that way is kept.

import { append, remove, set, type Path } from "../editor/draft";
import { choices, keysOf, wordsOf, type Key, type Schema } from "../editor/schema";

/** Whether a rule waits for it or asks about it. */
export type Kind = "when" | "while";

/** A noun of the machine, or of the clock, as the schema has it. */
export interface Noun {
  name: string;
  about: string;
  /** What it can be told; the first is the noun itself. */
  params: Key[];
  /** Whether the name alone says enough. */
  bare: boolean;
}

/** One noun in a rule, and where it stands. */
export interface Clause {
  noun: string;
  /** The mapping it stands in, or the word where it stands alone. */
  path: Path;
  bare: boolean;
  /** What is said of it, itself included. */
  values: Record<string, unknown>;
  /** Whether other nouns stand in the same mapping. */
  shares: boolean;
}

const definitions: Record<Kind, string> = { when: "trigger", while: "guard" };

/** Every noun there is to wait for, or to ask about. */
export function nounsOf(schema: Schema | null, kind: Kind): Noun[] {
  if (!schema) return [];
  const ways = choices(schema, { $ref: `#/$defs/${definitions[kind]}` });
  const alone = wordsOf(ways);
  return ways.flatMap((way): Noun[] => {
    const [name, ...others] = way.required ?? [];
    if (name === undefined || others.length > 0) return [];
    return [{ name, about: way.description ?? "", params: keysOf([way]), bare: alone.includes(name) }];
  });
}

/** The nouns of a rule; nothing where they are written in a way that only the source shows. */
export function clausesOf(nouns: Noun[], path: Path, value: unknown): Clause[] | null {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return clausesIn(nouns, path, value);
  const all = value.map((item, i) => clausesIn(nouns, [...path, i], item));
  return all.every((one) => one !== null) ? all.flat() : null;
}

function clausesIn(nouns: Noun[], path: Path, item: unknown): Clause[] | null {
  if (typeof item === "string") {
    const known = nouns.some((noun) => noun.name === item && noun.bare);
    return known ? [{ noun: item, path, bare: true, values: {}, shares: false }] : null;
  }
  if (typeof item !== "object" || item === null || Array.isArray(item)) return null;
  const entries = Object.entries(item);
  const there = nouns.filter((noun) => noun.name in item);
  // What could be said of two of them is nobody's in a form.
  const owners = (key: string) => there.filter((noun) => noun.params.some((param) => param.name === key));
  if (there.length === 0 || entries.some(([key]) => owners(key).length !== 1)) return null;
  return there.map((noun) => {
    const values = Object.fromEntries(entries.filter(([key]) => owners(key).includes(noun)));
    return { noun: noun.name, path, bare: false, values, shares: there.length > 1 };
  });
}

/** What a noun begins with. */
const starts: Record<string, unknown> = {
  battery: { battery: { below: 20 } },
  display: { display: "connected" },
  hotkey: { hotkey: "Ctrl+Alt+I" },
  idle: { idle: "10m" },
  network: { network: "connected" },
  power: { power: "ac" },
  schedule: { schedule: { at: "09:00" } },
  session: { session: "unlocked" },
  usb: { usb: "attached" },
  volume: { volume: "mounted" },
};

/** An item for a noun. */
export function startOf(noun: Noun): unknown {
  const [first] = noun.params.flatMap((param) => param.schema.enum ?? []);
  return starts[noun.name] ?? (noun.bare ? noun.name : { [noun.name]: first ?? "" });
}

/** Adds a noun. What stood alone becomes the first of a list. */
export function add(text: string, path: Path, value: unknown, item: unknown): string {
  if (value === undefined || value === null) return set(text, path, item);
  return Array.isArray(value) ? append(text, path, item) : set(text, path, [value, item]);
}

/** Takes a noun away, with everything that is said of it; the last one takes the key along. */
export function drop(text: string, path: Path, value: unknown, clause: Clause): string {
  if (clause.shares) {
    return Object.keys(clause.values).reduce((so_far, key) => remove(so_far, [...clause.path, key]), text);
  }
  const isLast = !Array.isArray(value) || value.length === 1;
  return remove(text, isLast ? path : clause.path);
}

/** Tells a noun something, or no longer. */
export function tell(text: string, clause: Clause, key: string, value: unknown): string {
  // A name alone says no more than itself: what is told is told of that.
  if (clause.bare) return set(text, clause.path, { [key]: value });
  const path = [...clause.path, key];
  return value === null || value === "" ? remove(text, path) : set(text, path, value);
}
