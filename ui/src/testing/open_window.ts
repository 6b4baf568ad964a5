// The whole window over the fake owner, as a user meets it.

import { render, screen } from "@testing-library/svelte";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { Fake } from "../platform/fake";
import App from "../shell/App.svelte";

/** A window in a test. */
export interface Opened {
  fake: Fake;
  user: UserEvent;
}

/** Opens the window, after `prepare` had its way with the owner, and waits until something shows. */
export async function openWindow(prepare: (fake: Fake) => void = () => undefined): Promise<Opened> {
  const fake = new Fake();
  prepare(fake);
  render(App, { props: { platform: fake } });
  if (fake.up)
    await screen.findByText(/^(Watching|Paused|Needs you|À l’œuvre|En pause|À voir)$/, { selector: ".pill" });
  return { fake, user: userEvent.setup() };
}

/** The line of the list with a name on it. */
export async function lineOf(name: string | RegExp): Promise<HTMLElement> {
  const found = await screen.findAllByTitle(name);
  const line = found.map((one) => one.closest<HTMLElement>("[role=row]")).find((row) => row !== null);
  if (!line) throw new Error(`no line shows ${name}`);
  return line;
}

/** The text of an element with every run of blanks as one. */
export function textOf(element: Element | null | undefined): string {
  return (element?.textContent ?? "").replace(/\s+/g, " ").trim();
}
