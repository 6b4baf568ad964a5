// The account of one path, in a pane beside the list.

import type { Refusal } from "../api/Refusal";
import type { Why } from "../api/Why";
import type { Call } from "../platform/platform";

/** The pane that says why. */
export class WhyPane {
  /** The paths it can speak of; empty while it is closed. */
  places = $state.raw<string[]>([]);
  path = $state<string | null>(null);
  answer = $state.raw<Why | null>(null);
  failure = $state.raw<Refusal | null>(null);
  /** The step they are of: a name that is no text is told by it from others that look alike. */
  #step = 0;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Opens the pane on the first of the places of a step. */
  async open(places: string[], step: number): Promise<void> {
    this.places = places;
    this.#step = step;
    const [first] = places;
    if (first !== undefined) await this.ask(first);
  }

  /** Asks about one place. An answer that comes after the pane moved on is dropped. */
  async ask(path: string): Promise<void> {
    this.path = path;
    this.answer = null;
    this.failure = null;
    try {
      const answer = await this.#call<Why>({ method: "why", params: { path, step: this.#step } });
      if (this.path === path) this.answer = answer;
    } catch (refusal) {
      if (this.path === path) this.failure = refusal as Refusal;
    }
  }

  /** Closes the pane. */
  close(): void {
    this.path = null;
    this.places = [];
    this.answer = null;
  }
}
