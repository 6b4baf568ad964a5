// One rule file being written: its text, what is wrong with it, what it would do, and what became of it outside.
//
// The text is the only truth. The form and the source tab both change it; checks and the preview follow a moment later.

import type { Preview } from "../api/Preview";
import type { Problem } from "../api/Problem";
import type { Refusal } from "../api/Refusal";
import type { RuleText } from "../api/RuleText";
import type { TriggerEvent } from "../api/TriggerEvent";
import type { Call } from "../platform/platform";
import { Carrying } from "./carrying.svelte";
import { rulesOf } from "./draft";

/** The two ways to write. */
export type Tab = "form" | "source";

/** A place in the source, its column counted in characters from 1. */
export type Place = Pick<Problem, "line" | "column">;

/** How long typing has to pause before a draft is looked at. */
const pause = 250;

/** The editor of a window; closed while it has no file. */
export class Editor {
  file = $state<string | null>(null);
  text = $state("");
  tab = $state<Tab>("form");
  /** The place of the rule in hand, from 0. */
  rule = $state(0);
  /** The text on the disk, as it was read or written last; nothing for a file that is new. */
  saved = $state.raw<RuleText | null>(null);
  /** The draft as the owner sees it. */
  checked = $state.raw<RuleText | null>(null);
  preview = $state.raw<Preview | null>(null);
  /** Why there is no preview. */
  previewRefusal = $state.raw<Refusal | null>(null);
  /** Whether a look at the draft is on its way. */
  looking = $state(false);
  /** What another program has made of the file meanwhile. */
  outside = $state.raw<RuleText | null>(null);
  /** Whether the file is not there any more. */
  gone = $state(false);
  refusal = $state.raw<Refusal | null>(null);
  /** Whether the editor asks before a draft is thrown away. */
  leaving = $state(false);
  /** What is being dragged in the form. */
  readonly carrying = new Carrying();
  /** Whether there is something to save. */
  readonly changed = $derived(this.file !== null && this.text !== (this.saved?.text ?? ""));
  readonly errors = $derived((this.checked?.problems ?? []).filter((one) => one.severity === "error"));
  readonly #rules = $derived(rulesOf(this.text));
  /** The place of the rule that the form shows: the last one, where there are fewer by now. */
  readonly nr = $derived(Math.min(this.rule, (this.#rules?.length ?? 1) - 1));
  /** That rule as plain values; nothing where the text is no list of rules. */
  readonly inHand = $derived(this.#rules?.[this.nr]);
  /** The place that the source goes to, once it is there. */
  target = $state.raw<Place | null>(null);
  readonly #call: Call;
  /** What a file that is new began with, which nobody has written. */
  #begun = "";
  #soon: ReturnType<typeof setTimeout> | undefined;
  /** Counts looks at the draft; an answer about an older one is of no use. */
  #looks = 0;
  /** Whether code in filters may be run for the preview of this file. */
  #code = false;
  /** What the preview of this file goes by, where its rules need an event. */
  #event: TriggerEvent | null = null;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Opens a file at one of its rules. */
  async open(file: string, rule: string | null = null): Promise<void> {
    const read = await this.#call<RuleText>({ method: "rule_text", params: { file } });
    const at = read.rules.findIndex((one) => one.id === rule);
    this.#begin(file, read.text, Math.max(0, at));
    this.saved = read;
    // A file that cannot be read as rules cannot be shown as a form.
    if (read.problems.some((one) => one.severity === "error")) this.tab = "source";
  }

  /** Begins a new file with one rule in it, switched off. */
  create(file: string, text: string): void {
    this.#begin(file, text, 0);
    this.saved = null;
  }

  /** Takes a new text in. */
  edit(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.#lookSoon();
  }

  /** Goes to a place in the source. */
  goTo(place: Place): void {
    this.tab = "source";
    this.target = place;
  }

  /** Turns to another rule of the file. */
  turn(rule: number): void {
    this.rule = rule;
    this.#lookSoon(0);
  }

  /** Writes the file, unless it is another one by now. */
  async save(): Promise<boolean> {
    const { file, text } = this;
    if (file === null) return false;
    try {
      const params = { file, text, digest: this.saved?.digest ?? null };
      this.saved = await this.#call<RuleText>({ method: "save_rules", params });
      this.refusal = null;
      this.outside = null;
      this.gone = false;
      return true;
    } catch (refusal) {
      this.refusal = refusal as Refusal;
      if (this.refusal.code === "changed") await this.look();
      return false;
    }
  }

  /** Looks whether another program has changed the file. A draft that was not touched follows it. */
  async look(): Promise<void> {
    const { file, saved } = this;
    if (file === null) return;
    try {
      const now = await this.#call<RuleText>({ method: "rule_text", params: { file } });
      if (this.file !== file) return;
      this.gone = false;
      if (now.digest === this.saved?.digest) return;
      if (saved !== null && !this.changed) this.#take(now);
      else this.outside = now;
    } catch (refusal) {
      // Where nobody answers, saving will say so. A file that was never written is not missed.
      if ((refusal as Refusal).code !== "not_found" || this.file !== file || this.saved === null) return;
      this.gone = true;
      this.outside = null;
      this.refusal = null;
    }
  }

  /** Takes the draft for that of a new file, and writes it. Answers whether it is there again. */
  async writeAgain(): Promise<boolean> {
    this.saved = null;
    this.#begun = "";
    this.gone = false;
    return this.save();
  }

  /** Keeps the draft; saving it replaces what is there now, which the user has seen. */
  keepMine(): void {
    this.saved = this.outside;
    this.outside = null;
    this.refusal = null;
  }

  /** Drops the draft for what is there now. */
  takeTheirs(): void {
    if (this.outside) this.#take(this.outside);
  }

  /** Lets the preview run the code in filters, which may do anything. */
  runCode(): void {
    this.#code = true;
    this.#lookSoon(0);
  }

  /** Has the preview go by an event, as if it had just happened. */
  pretend(event: TriggerEvent): void {
    this.#event = event;
    this.#lookSoon(0);
  }

  /** Closes the editor; where that would throw a draft away, it asks first. Says whether it is closed. */
  close(anyway = false): boolean {
    if (this.text !== (this.saved?.text ?? this.#begun) && !anyway) {
      this.leaving = true;
      return false;
    }
    this.rest();
    this.file = null;
    this.leaving = false;
    return true;
  }

  /** Looks no more: what is still under way is of no interest. */
  rest(): void {
    clearTimeout(this.#soon);
    this.#looks += 1;
  }

  #begin(file: string, text: string, rule: number): void {
    this.file = file;
    this.text = text;
    this.#begun = text;
    this.rule = rule;
    this.tab = "form";
    this.checked = null;
    this.preview = null;
    this.previewRefusal = null;
    this.outside = null;
    this.gone = false;
    this.refusal = null;
    this.leaving = false;
    this.target = null;
    this.#code = false;
    this.#event = null;
    this.#lookSoon(0);
  }

  #take(now: RuleText): void {
    this.saved = now;
    this.text = now.text;
    this.outside = null;
    this.refusal = null;
    this.#lookSoon(0);
  }

  #lookSoon(after = pause): void {
    clearTimeout(this.#soon);
    this.looking = true;
    this.#soon = setTimeout(() => void this.#lookOver(), after);
  }

  async #lookOver(): Promise<void> {
    const { file, text, nr: rule } = this;
    if (file === null) return;
    this.#looks += 1;
    const mine = this.#looks;
    try {
      const checked = await this.#call<RuleText>({ method: "check_rules", params: { file, text } });
      if (mine !== this.#looks) return;
      this.checked = checked;
      if (this.errors.length > 0) return;
      if (rule < 0) {
        this.preview = null;
        this.previewRefusal = null;
        return;
      }
      const params = { file, text, rule, limit: null, code: this.#code, event: this.#event };
      const preview = await this.#call<Preview>({ method: "preview", params });
      if (mine !== this.#looks) return;
      this.preview = preview;
      this.previewRefusal = null;
    } catch (refusal) {
      if (mine === this.#looks) this.previewRefusal = refusal as Refusal;
    } finally {
      if (mine === this.#looks) this.looking = false;
    }
  }
}
