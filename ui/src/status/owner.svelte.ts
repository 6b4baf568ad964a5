// The owner: how it is, and the two words that change it: pause and resume.

import type { PauseFor } from "../api/PauseFor";
import type { Refusal } from "../api/Refusal";
import type { Status } from "../api/Status";
import type { Call } from "../platform/platform";

/** The running Usher, as far as it has told. */
export class Owner {
  status = $state.raw<Status | null>(null);
  failure = $state.raw<Refusal | null>(null);
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Asks how things are. */
  async load(): Promise<void> {
    try {
      this.status = await this.#call<Status>({ method: "status" });
      this.failure = null;
    } catch (refusal) {
      this.failure = refusal as Refusal;
    }
  }

  /** Stops handling events for a while. */
  async pause(params: PauseFor): Promise<void> {
    this.status = await this.#call<Status>({ method: "pause", params });
  }

  /** Handles events again. */
  async resume(): Promise<void> {
    this.status = await this.#call<Status>({ method: "resume" });
  }
}
