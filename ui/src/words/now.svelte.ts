// The present, for "2 minutes ago". It ticks only while the window can be seen: a hidden window does nothing.

const pace = 20_000;

/** The present moment, in milliseconds, accurate enough for words. */
export class Now {
  at = $state(Date.now());
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Ticks while `document` is visible. Returns how to stop for good. */
  follow(document: Document): () => void {
    const turn = () => {
      clearInterval(this.#timer);
      this.at = Date.now();
      if (!document.hidden) this.#timer = setInterval(() => (this.at = Date.now()), pace);
    };
    document.addEventListener("visibilitychange", turn);
    turn();
    return () => {
      document.removeEventListener("visibilitychange", turn);
      clearInterval(this.#timer);
    };
  }
}

/** The one clock of this window. */
export const now = new Now();
