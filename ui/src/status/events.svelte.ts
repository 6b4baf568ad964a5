// What the sources report, as they report it, for as long as somebody looks; and events that are played.

import type { EventInfo } from "../api/EventInfo";
import type { HeldBack } from "../api/HeldBack";
import type { Played } from "../api/Played";
import type { Refusal } from "../api/Refusal";
import type { RunLine } from "../api/RunLine";
import type { RunSummary } from "../api/RunSummary";
import type { Sentence } from "../api/Sentence";
import type { TriggerEvent } from "../api/TriggerEvent";
import type { Platform } from "../platform/platform";

/** An event that was heard. */
export interface Heard {
  nr: number;
  at: string;
  event: EventInfo;
}

/** What playing an event came to, or would. */
export interface PlayOutcome {
  simulated: boolean;
  /** The steps there would be, and what the look at them had to leave out. */
  lines: RunLine[];
  leftOut: Sentence[];
  /** Whether there are no more of them. */
  complete: boolean;
  /** Rules that wait for such an event and do not act on this one. */
  heldBack: HeldBack[];
  refusal: Refusal | null;
}

const nothing = { lines: [], leftOut: [], complete: true };

/** The most events that are kept; the oldest give way. */
const most = 200;

/** The event stream in the window. */
export class EventStream {
  /** Whether the list of them is open. */
  shown = $state(false);
  /** Whether events are heard. */
  following = $state(false);
  /** Newest first. */
  heard = $state.raw<Heard[]>([]);
  refusal = $state.raw<Refusal | null>(null);
  played = $state.raw<PlayOutcome | null>(null);
  busy = $state(false);
  readonly #platform: Platform;
  /** Whether somebody looks; where the owner does not answer, nobody hears for all that. */
  #wanted = false;
  #count = 0;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Begins or ends to listen. Sources work for whoever listens, so nobody does unseen. */
  async follow(on: boolean): Promise<void> {
    this.#wanted = on;
    if (on === this.following) return;
    this.following = on;
    this.refusal = null;
    try {
      await this.#platform.followEvents(on);
    } catch (refusal) {
      this.following = false;
      this.refusal = refusal as Refusal;
    }
  }

  /** The owner is another one: whoever listened to the old one, or found none, has to ask anew. */
  async again(): Promise<void> {
    if (!this.#wanted) return;
    this.following = false;
    await this.follow(true);
  }

  /** Takes an event in. */
  hear(at: string, event: EventInfo): void {
    if (!this.following) return;
    this.#count += 1;
    this.heard = [{ nr: this.#count, at, event }, ...this.heard].slice(0, most);
  }

  /** Forgets what was heard. */
  clear(): void {
    this.heard = [];
  }

  /** Plays an event to the rules, or asks what it would come to. */
  async play(event: TriggerEvent, simulate: boolean): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const params = { event, simulate };
      const came = await this.#platform.call<RunSummary | Played>({ method: "trigger", params });
      const seen = "lines" in came ? { lines: came.lines, leftOut: came.left_out, complete: !came.cut_short } : nothing;
      this.played = { simulated: simulate, ...seen, heldBack: came.held_back, refusal: null };
    } catch (refusal) {
      this.played = { simulated: simulate, ...nothing, heldBack: [], refusal: refusal as Refusal };
    } finally {
      this.busy = false;
    }
  }
}
