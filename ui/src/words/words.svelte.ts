// The window's sentences, from the Fluent files that tray and notifications share. A missing message shows its own id:
// ugly, but never a hole; a test makes sure that it does not happen.

import { FluentBundle, FluentResource } from "@fluent/bundle";
import enLanguage from "../../../locales/en/language.ftl?raw";
import en from "../../../locales/en/window.ftl?raw";
import frLanguage from "../../../locales/fr/language.ftl?raw";
import fr from "../../../locales/fr/window.ftl?raw";
import type { Part } from "../api/Part";
import type { Sentence } from "../api/Sentence";
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

function bundleOf(language: Language, sources: string[]): FluentBundle {
  // Arguments isolate themselves where they are names, see `quoted`.
  const bundle = new FluentBundle(language, { useIsolating: false });
  for (const source of sources) bundle.addResource(new FluentResource(source));
  return bundle;
}

function format(bundle: FluentBundle, id: string, args: Args): string | null {
  const message = bundle.getMessage(id);
  return message?.value ? bundle.formatPattern(message.value, args, []) : null;
}

/** The language now, and its sentences. */
export class Words {
  language = $state<Language>("en");
  /** The tag for dates and numbers; keeps the system's region where the language is the same. */
  tag = $state("en");
  #owners = $state.raw<Partial<Record<Language, string>>>({});
  #bundle = $derived(bundleOf(this.language, sources[this.language]));
  // The owner names its sentences without knowing those of the window.
  #ownersBundle = $derived(bundleOf(this.language, [this.#owners[this.language] ?? ""]));

  /** Speaks the language wished for, or the system's. */
  speak(wish: string, system: string): void {
    this.language = pickLanguage(wish, system);
    this.tag = system.toLowerCase().startsWith(this.language) ? system : this.language;
  }

  /** Learns what the owner says in the language that is spoken, unless that is known; its English comes with each. */
  async learn(wordsOf: (language: Language) => Promise<string>): Promise<void> {
    const { language } = this;
    if (language === "en" || this.#owners[language] !== undefined) return;
    const words = await wordsOf(language);
    this.#owners = { ...this.#owners, [language]: words };
  }

  /** Whether there is a sentence of an id. */
  has(id: string): boolean {
    return this.#bundle.hasMessage(id);
  }

  /** The sentence of an id. */
  say(id: string, args: Args = {}): string {
    const safe: Args = {};
    for (const [name, value] of Object.entries(args)) safe[name] = typeof value === "string" ? quoted(value) : value;
    return format(this.#bundle, id, safe) ?? id;
  }

  /** What the owner says, in this language where there are words for it. Not safe yet: `SafeText` shows it. */
  tell(said: Sentence | string): string {
    if (typeof said === "string") return said;
    if (said.id === undefined) return said.text;
    const gaps: Args = {};
    for (const [name, part] of Object.entries(said.with ?? {}))
      gaps[name] = typeof part === "number" ? part : this.#part(part);
    return format(this.#ownersBundle, said.id, gaps) ?? said.text;
  }

  #part(part: Part): string {
    if (Array.isArray(part)) return part.map((one) => this.#part(one)).join(", ");
    return typeof part === "object" ? this.tell(part) : String(part);
  }
}

/** The one set of words of this window. */
export const words = new Words();

/** The sentence of an id, in the language of the window. */
export const t = (id: string, args?: Args): string => words.say(id, args);

/** What the owner says, in the language of the window. */
export const tell = (said: Sentence | string): string => words.tell(said);
