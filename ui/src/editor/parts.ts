// Filters and actions as a form sees them: a name, what is said of it, and how that is written in a field.

import { parse, stringify } from "yaml";

/** A filter or an action. */
export interface Part {
  /** Without `not`. */
  name: string;
  negated: boolean;
  /** What stands behind the name; nothing for a name alone. */
  value: unknown;
}

/** The groups of filters. */
export const groupNames = ["all", "any", "none"];

/** Reads a part; nothing where it is written in a way that a form cannot show. */
export function partOf(item: unknown): Part | null {
  if (typeof item === "string") return named(item, null);
  if (typeof item !== "object" || item === null || Array.isArray(item)) return null;
  const [only, ...others] = Object.entries(item);
  return only && others.length === 0 ? named(only[0], only[1]) : null;
}

function named(key: string, value: unknown): Part {
  const negated = key.startsWith("not ");
  return { name: negated ? key.slice(4) : key, negated, value };
}

/** The part as a document has it. */
export function itemOf({ name, negated, value }: Part): unknown {
  const key = negated ? `not ${name}` : name;
  return value === null || value === undefined || value === "" ? key : { [key]: value };
}

/** Whether a part is a group of others. */
export function isGroup(part: Part): boolean {
  return groupNames.includes(part.name) && Array.isArray(part.value);
}

/** What a part is told by name; nothing where it is told in another way, or more than fields can show. */
export function paramsIn(value: unknown): Record<string, unknown> | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const entries = Object.entries(value);
  const simple = entries.every(([, one]) => typeof one !== "string" || !one.includes("\n"));
  return entries.length > 0 && simple ? Object.fromEntries(entries) : null;
}

/** What stands behind a name, in one line: a list as words with commas. */
export function fieldText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) return value.join(", ");
  if (typeof value === "object") return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
  return String(value);
}

/** What a field means, for a value that was like `before`: a list stays a list, a number a number. */
export function fieldValue(text: string, before: unknown): unknown {
  if (text.trim() === "") return null;
  if (Array.isArray(before))
    return text
      .split(",")
      .map((word) => word.trim())
      .filter(Boolean);
  if (typeof before === "object" && before !== null) return parsed(text);
  if (typeof before === "number" || typeof before === "boolean") return parsed(text);
  return text;
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return text;
  }
}
