// Changes to the text of a rule file that touch nothing else: a value is replaced, lines are added or taken away, and
// every comment and blank stays where it is.
//
// Each change is made on the text, at the places the parser names, and then checked by reading the text back: it has
// to mean what was wanted. Where it does not (everything on one line, say), the `yaml` package writes the document
// anew; comments stay then too, though spacing may not.

import { isMap, isScalar, isSeq, parseDocument, stringify, type Document, type Node, type YAMLSeq } from "yaml";

/** Where something stands in a document: keys and places. */
export type Path = (string | number)[];

/** Any value of a document. */
export type Value = unknown;

/** What a new file begins with. The rule does nothing until it is switched on. */
export const newRule = `rules:
  - name: New rule
    enabled: false
    locations:
      - ~/Downloads
    filters:
      - extension: pdf
    actions:
      - move: ~/Documents/
`;

/** The rules of a text as plain values; nothing where the text is no YAML or holds no list of rules. */
export function rulesOf(text: string): Record<string, Value>[] | null {
  const document = parseDocument(text);
  if (document.errors.length > 0) return null;
  const rules: unknown = document.get("rules") ? document.toJS()?.rules : null;
  const isRule = (rule: unknown) => typeof rule === "object" && rule !== null && !Array.isArray(rule);
  return Array.isArray(rules) && rules.every(isRule) ? rules : null;
}

/** Gives a value to a place, which may be a new key of a mapping. */
export function set(text: string, path: Path, value: Value): string {
  const document = parseDocument(text);
  const wanted = changed(document, (copy) => copy.setIn(path, value));
  const node = document.getIn(path, true) as Node | undefined;
  const ways = node ? replacements(text, node, value) : additions(text, document, path, value);
  return firstThatMeans(wanted, ways);
}

/** Takes away a key or an item. */
export function remove(text: string, path: Path): string {
  const document = parseDocument(text);
  const wanted = changed(document, (copy) => copy.deleteIn(path));
  const chunk = chunkAt(text, document, path);
  return firstThatMeans(wanted, chunk ? [text.slice(0, chunk.start) + text.slice(chunk.end)] : []);
}

/** Adds an item to the end of a list. */
export function append(text: string, path: Path, value: Value): string {
  const document = parseDocument(text);
  const list = document.getIn(path) as unknown;
  if (!isSeq(list)) return set(text, path, [value]);
  const wanted = changed(document, (copy) => copy.addIn(path, value));
  const last = list.items.length - 1;
  const chunk = last < 0 ? null : chunkAt(text, document, [...path, last]);
  if (!chunk) return firstThatMeans(wanted, []);
  const before = text.slice(0, chunk.end);
  const lines = blockItem(value, chunk.indent);
  const gap = before.endsWith("\n") ? "" : "\n";
  return firstThatMeans(wanted, [before + gap + lines + text.slice(chunk.end)]);
}

/** Moves an item of a list one place up or down. */
export function move(text: string, path: Path, by: -1 | 1): string {
  const place = path.at(-1);
  const list = path.slice(0, -1);
  const document = parseDocument(text);
  const items = document.getIn(list) as YAMLSeq | undefined;
  if (typeof place !== "number" || !isSeq(items)) return text;
  const [low, high] = by < 0 ? [place - 1, place] : [place, place + 1];
  if (low < 0 || high >= items.items.length) return text;
  const wanted = changed(document, (copy) => {
    const all = (copy.getIn(list) as YAMLSeq).items;
    [all[low], all[high]] = [all[high], all[low]];
  });
  const first = chunkAt(text, document, [...list, low]);
  const second = chunkAt(text, document, [...list, high]);
  if (!first || !second || first.end > second.start) return firstThatMeans(wanted, []);
  const cut = (chunk: Chunk) => text.slice(chunk.start, chunk.end);
  const ending = (lines: string) => (lines.endsWith("\n") ? lines : `${lines}\n`);
  const swapped = ending(cut(second)) + text.slice(first.end, second.start) + ending(cut(first));
  return firstThatMeans(wanted, [text.slice(0, first.start) + swapped + text.slice(second.end)]);
}

/** A document after a change, written anew, with what it means. */
interface Wanted {
  anew: string;
  meaning: string;
}

function changed(document: Document, change: (copy: Document) => void): Wanted {
  const copy = document.clone() as Document;
  change(copy);
  return { anew: copy.toString({ lineWidth: 0 }), meaning: meaningOf(copy) };
}

/** What a document means, whatever the order of its keys. */
function meaningOf(document: Document): string {
  const sorted = (_: string, value: Value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.stringify(document.toJS(), sorted);
}

function firstThatMeans(wanted: Wanted, ways: string[]): string {
  const means = (text: string) => {
    const document = parseDocument(text);
    return document.errors.length === 0 && meaningOf(document) === wanted.meaning;
  };
  return ways.find(means) ?? wanted.anew;
}

/** A value in the place of another. */
function replacements(text: string, node: Node, value: Value): string[] {
  const [start, end] = node.range ?? [0, 0];
  const put = (words: string) => text.slice(0, start) + words + text.slice(end);
  if (isPlain(value) && isScalar(node)) return [put(inline(value)), put(JSON.stringify(value))];
  const flow = put(inFlow(value));
  if (isPlain(value) || !(isSeq(node) || isMap(node)) || node.flow) return [flow];
  // A block stays a block, at its own indentation.
  const indent = columnOf(text, start);
  const lines = stringify(value, { lineWidth: 0 }).trimEnd().split("\n");
  return [put(lines.join(`\n${" ".repeat(indent)}`) + (text.slice(start, end).endsWith("\n") ? "\n" : "")), flow];
}

/** A key that is new to a mapping: on the line below its first key, or above it. */
function additions(text: string, document: Document, path: Path, value: Value): string[] {
  const key = path.at(-1);
  const owner = document.getIn(path.slice(0, -1)) as unknown;
  if (typeof key !== "string" || !isMap(owner)) return [];
  const chunks = owner.items.map((pair) => ((pair.key as Node).range ?? [0])[0]);
  const [first, second] = chunks;
  if (first === undefined) return [];
  const indent = " ".repeat(columnOf(text, first));
  const lines = stringify({ [key]: value }, { lineWidth: 0 })
    .trimEnd()
    .split("\n")
    .join(`\n${indent}`);
  const below = second === undefined ? text.length : lineStart(text, second);
  const fresh = text.slice(0, below).endsWith("\n") ? "" : "\n";
  return [
    `${text.slice(0, below)}${fresh}${indent}${lines}\n${text.slice(below)}`,
    `${text.slice(0, first)}${lines}\n${indent}${text.slice(first)}`,
  ];
}

/** The whole lines of an item or a key, with the comments above it. */
interface Chunk {
  start: number;
  end: number;
  indent: number;
}

function chunkAt(text: string, document: Document, path: Path): Chunk | null {
  const place = path.at(-1);
  const owner = document.getIn(path.slice(0, -1)) as unknown;
  let range: [number, number] | null = null;
  if (isSeq(owner) && typeof place === "number") range = spanOf(owner.items[place] as Node | null);
  else if (isMap(owner)) {
    const pair = owner.items.find((one) => (one.key as { value?: unknown }).value === place);
    const key = spanOf(pair?.key as Node | null);
    if (key) range = [key[0], spanOf(pair?.value as Node | null)?.[1] ?? key[1]];
  }
  if (!range) return null;
  const line = lineStart(text, range[0]);
  const indent = /^ */.exec(text.slice(line))?.[0].length ?? 0;
  // A mapping that opens its item shares its first line with the dash.
  const lead = text.slice(line, range[0]).trim();
  if (lead !== "" && lead !== "-" && !isMap(owner)) return null;
  if (isMap(owner) && lead !== "") return null;
  return { start: withComments(text, line, indent), end: lineEnd(text, range[1]), indent };
}

function spanOf(node: Node | null | undefined): [number, number] | null {
  return node?.range ? [node.range[0], node.range[1]] : null;
}

/** The start of the comment lines right above a line that stand at its indentation. */
function withComments(text: string, line: number, indent: number): number {
  let start = line;
  while (start > 0) {
    const above = lineStart(text, start - 1);
    const words = text.slice(above, start);
    if (!words.startsWith(`${" ".repeat(indent)}#`)) break;
    start = above;
  }
  return start;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** Behind the line that something ends on. */
function lineEnd(text: string, at: number): number {
  if (at > 0 && text[at - 1] === "\n") return at;
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

function blockItem(value: Value, indent: number): string {
  const lines = stringify([value], { lineWidth: 0 }).trimEnd().split("\n");
  return `${lines.map((line) => " ".repeat(indent) + line).join("\n")}\n`;
}

function isPlain(value: Value): boolean {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function inline(value: Value): string {
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

function inFlow(value: Value): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trimEnd();
}
