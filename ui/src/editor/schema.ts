// The JSON schema of rule files, read for what may stand at a place: keys with what they mean, and values.

/** A part of the schema, as far as it is read here. */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  enum?: unknown[];
  type?: string | string[];
  description?: string;
  default?: unknown;
  const?: unknown;
  /** What it publishes for templates. */
  "x-variables"?: string[];
}

/** A key that may stand somewhere. */
export interface Key {
  name: string;
  about: string;
  schema: Schema;
}

/** Whether something that came over the wire can be read as a schema. */
export function isSchema(thing: unknown): thing is Schema {
  return typeof thing === "object" && thing !== null;
}

/** What a part may be, once references, choices and lists are followed to their ends. */
export function choices(root: Schema, part: Schema, seen: Set<string> = new Set()): Schema[] {
  if (part.$ref !== undefined) {
    const name = part.$ref.replace("#/$defs/", "");
    const target = root.$defs?.[name];
    if (!target || seen.has(name)) return [];
    return choices(root, target, new Set([...seen, name]));
  }
  if (part.anyOf) return part.anyOf.flatMap((one) => choices(root, one, seen));
  if (part.items) return choices(root, part.items, seen);
  return [part];
}

/** The parts that stand behind some keys. */
export function partsAt(root: Schema, keys: string[]): Schema[] {
  let parts = choices(root, root);
  for (const key of keys) {
    const behind = parts.map((part) => part.properties?.[key]).filter((part) => part !== undefined);
    parts = behind.flatMap((part) => choices(root, part));
  }
  return parts;
}

/** The keys that may stand in some parts. */
export function keysOf(parts: Schema[]): Key[] {
  const keys = new Map<string, Key>();
  for (const part of parts) {
    for (const [name, schema] of Object.entries(part.properties ?? {})) {
      if (!keys.has(name)) keys.set(name, { name, about: schema.description ?? "", schema });
    }
  }
  return [...keys.values()];
}

/** The words that may stand in some parts. */
export function wordsOf(parts: Schema[]): string[] {
  const words = parts.flatMap((part) => part.enum ?? []).filter((word) => word !== null);
  return [...new Set(words.map(String))];
}

/** What a form has to offer for a value. */
export type Shape =
  | { kind: "words"; words: string[]; several: boolean }
  | { kind: "flag" }
  | { kind: "text"; several: boolean; number: boolean };

/** The shape of a value, by the schema of its place. What is told by name has fields of its own. */
export function shapeOf(root: Schema, part: Schema): Shape {
  const ways = choices(root, part).filter((way) => !way.properties && way.type !== "object" && way.type !== "null");
  const words = wordsOf(ways);
  const several = takesList(root, part);
  if (words.includes("true") && words.includes("false")) return { kind: "flag" };
  if (words.length > 0 && ways.every((way) => way.enum)) return { kind: "words", words, several };
  return { kind: "text", several, number: ways.some((way) => [way.type].flat().includes("integer")) };
}

/** A first value for a key: a flag is set, a word chosen, a text empty for now. */
export function firstOf(root: Schema | null, { schema }: Key): unknown {
  const shape = shapeOf(root ?? {}, schema);
  return shape.kind === "flag" ? true : shape.kind === "words" ? shape.words[0] : "";
}

/** Whether a text with placeholders may stand at a place. */
export function takesTemplate(part: Schema): boolean {
  if (part.$ref !== undefined) return part.$ref === "#/$defs/template";
  return (part.anyOf ?? []).some((one) => takesTemplate(one));
}

/** Whether a list may stand at a place as well as one value. */
function takesList(root: Schema, part: Schema): boolean {
  if (part.$ref !== undefined) {
    const target = root.$defs?.[part.$ref.replace("#/$defs/", "")];
    return target !== undefined && takesList(root, target);
  }
  return part.items !== undefined || (part.anyOf ?? []).some((one) => takesList(root, one));
}
