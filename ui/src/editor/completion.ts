// What may be written at a place in a rule file, from the JSON schema. The place is read off the indentation, because
// a text that is being written is seldom whole enough for a parser.

import { isSchema, keysOf, partsAt, wordsOf } from "./schema";

/** One thing to offer. */
export interface Offer {
  label: string;
  apply: string;
  type: "property" | "keyword";
  info?: string;
}

/** What to offer, and where it begins. */
export interface Offers {
  from: number;
  options: Offer[];
}

/** The offers at a place of a text. */
export function completionsAt(schema: unknown, text: string, at: number): Offers | null {
  if (!isSchema(schema)) return null;
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  if (/^\s*#|\s#/.test(line)) return null;
  const value = /^[\s-]*([\w ]+):\s+([\w ]*)$/.exec(line);
  if (value) {
    const [, key = "", begun = ""] = value;
    const words = wordsOf(partsAt(schema, [...keysAbove(text, at), key]));
    return { from: at - begun.length, options: words.map((word) => ({ label: word, apply: word, type: "keyword" })) };
  }
  const key = /^[\s-]*([\w ]*)$/.exec(line);
  if (!key) return null;
  const [, begun = ""] = key;
  const parts = partsAt(schema, keysAbove(text, at));
  const keys: Offer[] = keysOf(parts).map(({ name, about }) => ({
    label: name,
    apply: `${name}: `,
    type: "property",
    info: about,
  }));
  const words = line.includes("-") ? wordsOf(parts).filter((word) => keys.every((one) => one.label !== word)) : [];
  const bare: Offer[] = words.map((word) => ({ label: word, apply: word, type: "keyword" }));
  return { from: at - begun.length, options: [...keys, ...bare] };
}

/** The keys that the line at a place stands under, outermost first. */
export function keysAbove(text: string, at: number): string[] {
  const lines = text.slice(0, at).split("\n");
  const last = lines.pop() ?? "";
  let dashed = isDashed(last);
  let indent = dashed ? dashOf(last) : indentOf(last);
  const keys: string[] = [];
  for (const line of lines.reverse()) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const found = /^([\s-]*)([^\s#:][^:]*):(\s.*)?$/.exec(line);
    const column = indentOf(line);
    const key = found?.[2];
    // A key on the line of a dash stands further in than the dash; a list may stand at its key's own indentation.
    const holds = column < indent || (dashed && column === indent);
    if (key === undefined || !holds || keys.length > 20) continue;
    keys.unshift(key.trim());
    dashed = isDashed(line);
    indent = dashOf(line);
    if (indent === 0 && !dashed) break;
  }
  return keys;
}

/** Whether a line begins an entry of a list. */
function isDashed(line: string): boolean {
  return /^\s*-(\s|$)/.test(line);
}

/** The column of the first letter that is neither blank nor dash. */
function indentOf(line: string): number {
  return /^(\s*-\s+)*\s*/.exec(line)?.[0].length ?? 0;
}

/** The column of what holds a line: its first dash, or its first letter. */
function dashOf(line: string): number {
  return /^\s*/.exec(line)?.[0].length ?? 0;
}
