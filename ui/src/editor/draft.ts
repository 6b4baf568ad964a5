// Changes to the text of a rule file that touch nothing else: a value is replaced, lines are added or taken away, and
// every comment, blank and line end stays as it is.
//
// Each change is made on the text, at the places the parser names, and then checked by reading the text back: it has
// to mean what was wanted. Where it does not (everything on one line, say), the `yaml` package writes the document
// anew; comments stay then too, though spacing may not.

import { isMap, isPair, isScalar, isSeq, parseDocument, stringify } from "yaml";
import type { Document, Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { inItsLineEnds } from "./line_ends";
import { stepsBetween } from "./list_steps";

/** Where something stands in a document: keys and places. */
export type Path = (string | number)[];

/** Any value of a document. */
export type Value = unknown;

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
  return inItsLineEnds(text, (plain) => setIn(plain, path, value));
}

function setIn(text: string, path: Path, value: Value): string {
  const document = parseDocument(text);
  const wanted = changed(document, (copy) => copy.setIn(path, value));
  const node = document.getIn(path, true) as Node | undefined;
  if (!node) return firstThatMeans(wanted, additions(text, document, path, value));
  const items = itemByItem(text, node, path, value);
  return firstThatMeans(wanted, [...items, ...replacements(text, node, value)]);
}

/** A block list changed item by item, so that those which stay keep their comments. */
function itemByItem(text: string, node: Node, path: Path, value: Value): string[] {
  if (!isSeq(node) || node.flow || !Array.isArray(value) || value.length === 0) return [];
  const before: unknown = node.toJSON();
  if (!Array.isArray(before)) return [];
  return [
    stepsBetween(before, value).reduce((current, step) => {
      const at = [...path, step.at];
      if (step.do === "remove") return removeIn(current, at);
      return step.do === "set" ? setIn(current, at, step.value) : insertIn(current, at, step.value);
    }, text),
  ];
}

/** Puts an item before the one at a place of a block list, or behind the last. */
function insertIn(text: string, path: Path, value: Value): string {
  const document = parseDocument(text);
  const chunk = chunkAt(text, document, path);
  if (!chunk) return appendIn(text, path.slice(0, -1), value);
  return text.slice(0, chunk.start) + blockItem(value, chunk.indent) + text.slice(chunk.start);
}

/** Gives a key of a mapping another name; its value and all that is said of it stay. */
export function rename(text: string, path: Path, name: string): string {
  return inItsLineEnds(text, (plain) => renameIn(plain, path, name));
}

function renameIn(text: string, path: Path, name: string): string {
  const document = parseDocument(text);
  const place = path.at(-1);
  const pairOf = (whole: Document) => {
    const owner = whole.getIn(path.slice(0, -1)) as unknown;
    return isMap(owner) ? owner.items.find((pair) => keyOf(pair) === place) : undefined;
  };
  const key = pairOf(document)?.key as Scalar | undefined;
  if (!key?.range) return text;
  const [start, end] = key.range;
  const wanted = changed(document, (copy) => {
    const pair = pairOf(copy);
    if (pair) (pair.key as Scalar).value = name;
  });
  return firstThatMeans(wanted, [text.slice(0, start) + written(name) + text.slice(end)]);
}

/** Takes away a key or an item. */
export function remove(text: string, path: Path): string {
  return inItsLineEnds(text, (plain) => removeIn(plain, path));
}

function removeIn(text: string, path: Path): string {
  const document = parseDocument(text);
  const wanted = changed(document, (copy) => copy.deleteIn(path));
  const chunk = chunkAt(text, document, path);
  const ways = chunk ? [text.slice(0, chunk.start) + text.slice(chunk.end)] : removals(text, document, path);
  return firstThatMeans(wanted, ways);
}

/** Adds an item to the end of a list. */
export function append(text: string, path: Path, value: Value): string {
  return inItsLineEnds(text, (plain) => appendIn(plain, path, value));
}

function appendIn(text: string, path: Path, value: Value): string {
  const document = parseDocument(text);
  const list = document.getIn(path) as unknown;
  if (!isSeq(list)) return setIn(text, path, [value]);
  const wanted = changed(document, (copy) => copy.addIn(path, value));
  const last = list.items.length - 1;
  const chunk = last < 0 ? null : chunkAt(text, document, [...path, last]);
  if (!chunk) return firstThatMeans(wanted, insertions(text, list, inFlow(value)));
  const before = text.slice(0, chunk.end);
  const lines = blockItem(value, chunk.indent);
  const gap = before.endsWith("\n") ? "" : "\n";
  return firstThatMeans(wanted, [before + gap + lines + text.slice(chunk.end)]);
}

/** Puts an item of a list at a place of another list, or of the same one, with the comments above it. The place counts
 * the items as they are before. */
export function carry(text: string, from: Path, list: Path, place: number): string {
  return inItsLineEnds(text, (plain) => carryIn(plain, from, list, place));
}

function carryIn(text: string, from: Path, list: Path, place: number): string {
  const document = parseDocument(text);
  const source = from.slice(0, -1);
  const at = from.at(-1);
  const target = document.getIn(list) as unknown;
  const isInside = from.every((step, i) => list[i] === step);
  if (typeof at !== "number" || !isSeq(target) || !isSeq(document.getIn(source)) || isInside) return text;
  const isSame = document.getIn(source) === target;
  if (isSame && (place === at || place === at + 1)) return text;
  const wanted = changed(document, (copy) => {
    const there = copy.getIn(list) as YAMLSeq;
    const item = (copy.getIn(source) as YAMLSeq).items[at];
    copy.deleteIn(from);
    there.items.splice(isSame && at < place ? place - 1 : place, 0, item);
  });
  return firstThatMeans(wanted, carried(text, document, from, list, place, target.items.length));
}

function carried(text: string, document: Document, from: Path, list: Path, place: number, count: number): string[] {
  const chunk = chunkAt(text, document, from);
  const beside = count === 0 ? null : chunkAt(text, document, [...list, Math.min(place, count - 1)]);
  if (!chunk || !beside) return [];
  const at = place < count ? beside.start : beside.end;
  const closed = (part: string) => (part === "" || part.endsWith("\n") ? part : `${part}\n`);
  const lines = closed(shifted(text.slice(chunk.start, chunk.end), beside.indent - chunk.indent));
  if (at <= chunk.start) {
    return [closed(text.slice(0, at)) + lines + text.slice(at, chunk.start) + text.slice(chunk.end)];
  }
  if (at < chunk.end) return [];
  return [closed(text.slice(0, chunk.start) + text.slice(chunk.end, at)) + lines + text.slice(at)];
}

/** Lines further to the right, or to the left. */
function shifted(lines: string, by: number): string {
  if (by >= 0) return lines.replaceAll(/^(?=.)/gm, " ".repeat(by));
  return lines.replaceAll(new RegExp(`^ {${-by}}`, "gm"), "");
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
  if (isScalar(node) && isBlock(node)) return blockReplacements(text.slice(start, end), value).map(put);
  if (isPlain(value) && isScalar(node)) return [put(written(value)), put(JSON.stringify(value))];
  const flow = put(inFlow(value));
  if (isPlain(value) || !(isSeq(node) || isMap(node)) || node.flow) return [flow];
  // A block stays a block, at its own indentation.
  const indent = columnOf(text, start);
  const lines = written(value).split("\n");
  return [put(lines.join(`\n${" ".repeat(indent)}`) + (text.slice(start, end).endsWith("\n") ? "\n" : "")), flow];
}

function isBlock(node: Scalar): boolean {
  return node.type === "BLOCK_FOLDED" || node.type === "BLOCK_LITERAL";
}

/** A value in the place of a text that stands in lines of its own below `|` or `>`. The line break at its end belongs to
 * it, and so do blank lines there. */
function blockReplacements(before: string, value: Value): string[] {
  const head = before.slice(0, before.indexOf("\n") + 1);
  const indent = /^\n*( *)/.exec(before.slice(head.length))?.[1] ?? "";
  const tail = /\s*$/.exec(before)?.[0] ?? "";
  const flow = isPlain(value) ? written(value) : inFlow(value);
  if (typeof value !== "string" || head === "") return [flow + tail];
  const inLines = (lines: string[]) => head + lines.map((line) => (line === "" ? "" : indent + line)).join("\n") + tail;
  const words = value.replace(/\n+$/, "");
  return [inLines(words.split("\n")), inLines(words.replaceAll("\n", "\n\n").split("\n")), flow + tail];
}

/** The keys of a rule in the order people write them; a new one goes where it belongs. */
const ruleOrder = "name enabled targets when while locations subfolders filter_mode filters actions".split(" ");

/** A key that is new to a mapping: below the key it follows, or the last one; or else above the first. */
function additions(text: string, document: Document, path: Path, value: Value): string[] {
  const key = path.at(-1);
  const owner = document.getIn(path.slice(0, -1)) as unknown;
  if (typeof key !== "string" || !isMap(owner)) return [];
  if (owner.flow) return insertions(text, owner, `${written(key)}: ${inFlow(value)}`);
  const [first] = owner.items;
  const start = first && spanOfPair(first)?.[0];
  if (start === undefined) return [];
  const indent = " ".repeat(columnOf(text, start));
  const lines = written({ [key]: value })
    .split("\n")
    .join(`\n${indent}`);
  const place = ruleOrder.indexOf(key);
  const before = owner.items.filter((pair) => ruleOrder.slice(0, place).includes(String(keyOf(pair)))).at(-1);
  const ways = [before, place < 0 ? owner.items.at(-1) : first].map((pair) => {
    const end = pair && spanOfPair(pair)?.[1];
    if (end === undefined) return "";
    const below = lineEnd(text, end);
    const fresh = text.slice(0, below).endsWith("\n") ? "" : "\n";
    return `${text.slice(0, below)}${fresh}${indent}${lines}\n${text.slice(below)}`;
  });
  return [...ways, `${text.slice(0, start)}${lines}\n${indent}${text.slice(start)}`];
}

/** Something more within brackets, behind the last that is there. */
function insertions(text: string, owner: YAMLMap | YAMLSeq, words: string): string[] {
  const [start, end] = owner.range ?? [0, 0];
  if (!owner.flow || !"]}".includes(text[end - 1] ?? " ")) return [];
  if (owner.items.length === 0) return [`${text.slice(0, start + 1)} ${words} ${text.slice(end - 1)}`];
  const inner = text.slice(start, end - 1).trimEnd();
  const comma = inner.endsWith(",") ? " " : ", ";
  return [text.slice(0, start) + inner + comma + words + text.slice(start + inner.length)];
}

/** Something less within brackets, with the comma before it or, of the first, behind it. */
function removals(text: string, document: Document, path: Path): string[] {
  const owner = document.getIn(path.slice(0, -1)) as unknown;
  if (!(isSeq(owner) || isMap(owner)) || !owner.flow) return [];
  const place = path.at(-1);
  const spans = owner.items.map((item) => (isPair(item) ? spanOfPair(item) : spanOf(item as Node)));
  const nr = isSeq(owner) ? Number(place) : owner.items.findIndex((pair) => isPair(pair) && keyOf(pair) === place);
  const span = spans[nr];
  if (!span) return [];
  const [before, behind] = [spans[nr - 1], spans[nr + 1]];
  if (before) return [text.slice(0, before[1]) + text.slice(span[1])];
  if (behind) return [text.slice(0, span[0]) + text.slice(behind[0])];
  return [text.slice(0, span[0]).trimEnd() + text.slice(span[1]).trimStart()];
}

function keyOf(pair: Pair): unknown {
  return (pair.key as { value?: unknown }).value;
}

function spanOfPair(pair: Pair): [number, number] | null {
  const key = spanOf(pair.key as Node | null);
  return key ? [key[0], spanOf(pair.value as Node | null)?.[1] ?? key[1]] : null;
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
    const pair = owner.items.find((one) => keyOf(one) === place);
    if (pair) range = spanOfPair(pair);
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
  const lines = written([value]).split("\n");
  return `${lines.map((line) => " ".repeat(indent) + line).join("\n")}\n`;
}

function isPlain(value: Value): boolean {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function inFlow(value: Value): string {
  return stringify(value, { ...style, collectionStyle: "flow" }).trimEnd();
}

/** A text that an older reader would take for a number, a moment or a yes gets quotes. */
const style = { lineWidth: 0, compat: "yaml-1.1" } as const;

function written(value: Value): string {
  return stringify(value, style).trimEnd();
}
