// The window's sentences, from the Fluent files that tray and notifications share. A missing message shows its own id:
// ugly, but never a hole; a test makes sure that it does not happen.

import { FluentBundle, FluentResource } from "@fluent/bundle";
import enLanguage from "../../../locales/en/language.ftl?raw";
import en from "../../../locales/en/window.ftl?raw";
import frLanguage from "../../../locales/fr/language.ftl?raw";
import fr from "../../../locales/fr/window.ftl?raw";
import { quoted } from "./safe_text";

const sources = { en: [en, enLanguage], fr: [fr, frLanguage] };

/** A language the window speaks. */
export type Language = keyof typeof sources;

/** What a message may be told. Texts are made safe; numbers pick plurals. */
export type Args = Record<string, string | number>;

/** The best language for a wish (`fr`, empty) on a system (`fr-CH`). */
export function pickLanguage(wish: string, system: string): Language {
  for (const tag of [wish, system]) {
    const base = tag.toLowerCase().split(/[-_]/)[0];
    if (base === "en" || base === "fr") return base;
  }
  return "en";
}

function bundleOf(language: Language): FluentBundle {
  // Arguments isolate themselves where they are names, see `quoted`.
  const bundle = new FluentBundle(language, { useIsolating: false });
  for (const source of sources[language]) bundle.addResource(new FluentResource(source));
  return bundle;
}

/** The language now, and its sentences. */
export class Words {
  language = $state<Language>("en");
  /** The tag for dates and numbers; keeps the system's region where the language is the same. */
  tag = $state("en");
  #bundle = $derived(bundleOf(this.language));

  /** Speaks the language wished for, or the system's. */
  speak(wish: string, system: string): void {
    this.language = pickLanguage(wish, system);
    this.tag = system.toLowerCase().startsWith(this.language) ? system : this.language;
  }

  /** Whether there is a sentence of an id. */
  has(id: string): boolean {
    return this.#bundle.hasMessage(id);
  }

  /** The sentence of an id. */
  say(id: string, args: Args = {}): string {
    const message = this.#bundle.getMessage(id);
    if (!message?.value) return id;
    const safe: Args = {};
    for (const [name, value] of Object.entries(args)) safe[name] = typeof value === "string" ? quoted(value) : value;
    return this.#bundle.formatPattern(message.value, safe, []);
  }
}

/** The one set of words of this window. */
export const words = new Words();

/** The sentence of an id, in the language of the window. */
export const t = (id: string, args?: Args): string => words.say(id, args);
