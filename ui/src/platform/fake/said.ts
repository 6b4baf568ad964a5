// The owner's sentences as they come over the wire: with an id, so that the window can say them in its own language.

import { FluentBundle, FluentResource } from "@fluent/bundle";
import english from "../../../../locales/en/owner.ftl?raw";
import type { Part } from "../../api/Part";
import type { Sentence } from "../../api/Sentence";

const bundle = new FluentBundle("en", { useIsolating: false });
bundle.addResource(new FluentResource(english));

const textOf = (part: Part): string => {
  if (Array.isArray(part)) return part.map(textOf).join(", ");
  return typeof part === "object" ? part.text : String(part);
};

/** The sentence of an id, its gaps filled. */
export function said(id: string, parts: Record<string, Part> = {}): Sentence {
  const pattern = bundle.getMessage(id)?.value;
  if (!pattern) throw new Error(`the owner has no sentence ${id}`);
  const gaps = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, textOf(part)]));
  return { text: bundle.formatPattern(pattern, gaps), id, with: parts };
}
