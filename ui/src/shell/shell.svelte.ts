// What belongs to the window as a whole: the view, the link to the owner, short messages, the help sheet.

import type { Refusal } from "../api/Refusal";
import type { Sentence } from "../api/Sentence";

/** The views, in the order of their tabs. */
export const views = ["activity", "rules", "status", "settings"] as const;

/** One of the views. */
export type View = (typeof views)[number];

/** A short message at the bottom of the window. */
export interface Toast {
  id: number;
  tone: "plain" | "bad";
  title: Sentence | string;
  text: Sentence | string | null;
}

/** How long a message stays that nothing depends on; one about a failure stays until it is put away. */
const toastStay = 6_000;

/** The window around the views. */
export class Shell {
  view = $state<View>("activity");
  /** Whether the host reaches the owner. Taken for granted until something says otherwise. */
  linked = $state(true);
  sheet = $state(false);
  toast = $state.raw<Toast | null>(null);
  /** What a screen reader says next, and the how manieth that is. */
  announcement = $state.raw({ nr: 0, text: "" });
  /** Counts up whenever the search field is to have the focus. */
  searchCalls = $state(0);
  /** Whether it is to go on behind what stands in the field. */
  searchBehind = false;
  #toasts = 0;
  /** The thing that somebody was led to and that is not there yet. */
  #place = $state<string | null>(null);

  /** Shows another view, and one thing in it under the focus. */
  open(view: View, place: string | null = null): void {
    this.view = view;
    this.#place = place;
  }

  /** For an element that is such a thing: it takes the focus, or its first control does, as soon as both are there. */
  readonly place = (name: string) => (element: HTMLElement) => {
    if (this.#place !== name) return;
    this.#place = null;
    // Once the page stands: what hears of the focus may change it again.
    queueMicrotask(() => {
      const control = element.querySelector<HTMLElement>("button, input, select");
      (control ?? element).focus();
      element.scrollIntoView?.({ block: "center" });
    });
  };

  /** Puts the focus on the search field, over what is in it or behind that. */
  callSearch(behind = false): void {
    this.searchBehind = behind;
    this.searchCalls += 1;
  }

  /** Shows a message for a while. */
  note(title: Sentence | string, text: Sentence | string | null = null): void {
    const id = this.#show({ tone: "plain", title, text });
    setTimeout(() => this.toast?.id === id && this.dismiss(), toastStay);
  }

  /** Shows why something was refused, until it is put away. */
  report(refusal: Refusal): void {
    if (refusal.code === "unreachable") this.linked = false;
    else this.#show({ tone: "bad", title: refusal.message, text: refusal.hint });
  }

  /** Puts the message away. */
  dismiss(): void {
    this.toast = null;
  }

  /** Has a screen reader say something, politely; also the same thing twice. */
  announce(text: string): void {
    this.announcement = { nr: this.announcement.nr + 1, text };
  }

  #show(toast: Omit<Toast, "id">): number {
    this.#toasts += 1;
    this.toast = { id: this.#toasts, ...toast };
    return this.#toasts;
  }
}
