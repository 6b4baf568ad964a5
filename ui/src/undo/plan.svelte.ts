// An undo that is asked for and not done yet: what it would do and what it would refuse, for somebody to say yes to.

import type { Refusal } from "../api/Refusal";
import type { UndoPreview } from "../api/UndoPreview";
import type { UndoTarget } from "../api/UndoTarget";
import type { Call } from "../platform/platform";

/** At most one undo is asked for at a time. */
export class UndoPlan {
  target = $state.raw<UndoTarget | null>(null);
  /** The run it is shown with; nothing for a span of time. */
  about = $state<number | null>(null);
  preview = $state.raw<UndoPreview | null>(null);
  /** Why there is no preview. */
  refusal = $state.raw<Refusal | null>(null);
  readonly #call: Call;
  #looks = 0;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Asks what an undo would do. */
  async ask(about: number | null, target: UndoTarget): Promise<void> {
    this.about = about;
    this.target = target;
    this.preview = null;
    await this.look();
  }

  /** Asks the same again, since something may have changed. Only the newest answer counts. */
  async look(): Promise<void> {
    const { target } = this;
    if (!target) return;
    this.#looks += 1;
    const mine = this.#looks;
    try {
      const preview = await this.#call<UndoPreview>({ method: "preview_undo", params: target });
      if (mine !== this.#looks) return;
      this.preview = preview;
      this.refusal = null;
    } catch (refusal) {
      if (mine !== this.#looks) return;
      this.preview = null;
      this.refusal = refusal as Refusal;
    }
  }

  /** Asks for free names beside what has taken an old place. */
  async rename(): Promise<void> {
    if (this.target) await this.ask(this.about, { ...this.target, rename: true });
  }

  /** Puts the question away; nothing was done. */
  close(): void {
    this.#looks += 1;
    this.target = null;
    this.about = null;
    this.preview = null;
    this.refusal = null;
  }
}
