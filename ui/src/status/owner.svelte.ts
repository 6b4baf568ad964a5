// The owner: how it is, and the two words that change it: pause and resume.

import type { Attention } from "../api/Attention";
import type { PauseFor } from "../api/PauseFor";
import type { Refusal } from "../api/Refusal";
import type { RunSummary } from "../api/RunSummary";
import type { Status } from "../api/Status";
import { News } from "../platform/news";
import type { Call } from "../platform/platform";

/** The running Usher, as far as it has told. */
export class Owner {
  status = $state.raw<Status | null>(null);
  failure = $state.raw<Refusal | null>(null);
  readonly #call: Call;
  readonly #onchange: (before: Status, now: Status) => void;
  readonly #news = new News();

  /** `onchange` hears how things were and how they are now, each time that is told. */
  constructor(call: Call, onchange: (before: Status, now: Status) => void) {
    this.#call = call;
    this.#onchange = onchange;
  }

  /** Asks how things are. */
  async load(): Promise<void> {
    try {
      await this.#answer(this.#call<Status>({ method: "status" }));
      this.failure = null;
    } catch (refusal) {
      this.failure = refusal as Refusal;
    }
  }

  /** Takes in how things are now. */
  hear(status: Status): void {
    this.#news.hear();
    this.#take(status);
  }

  /** Stops handling events for a while. */
  async pause(params: PauseFor): Promise<void> {
    await this.#answer(this.#call<Status>({ method: "pause", params }));
  }

  /** Answers what a rule asks. */
  async answer(question: number, yes: boolean): Promise<void> {
    await this.#call<RunSummary>({ method: "answer", params: { question, yes } });
    await this.load();
  }

  /** Takes something off what waits for the user, with all that is like it. */
  async dismiss({ code, path, run, rule, more }: Attention): Promise<void> {
    const which = more > 0 ? { run: null, path: null } : { run, path };
    await this.#answer(this.#call<Status>({ method: "dismiss", params: { code, rule, ...which } }));
  }

  /** Handles events again. */
  async resume(): Promise<void> {
    await this.#answer(this.#call<Status>({ method: "resume" }));
  }

  async #answer(question: Promise<Status>): Promise<void> {
    const status = await this.#news.unlessOvertaken(question);
    if (status) this.#take(status);
  }

  #take(status: Status): void {
    const before = this.status;
    this.status = status;
    if (before) this.#onchange(before, status);
  }
}
