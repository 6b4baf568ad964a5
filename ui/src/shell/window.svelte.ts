// Composition: one store for each noun, fed by the owner's notices. Views find them through `window_context`.

import type { Notice } from "../api/Notice";
import type { Run } from "../api/Run";
import { Activity } from "../activity/activity.svelte";
import type { Platform, Stop } from "../platform/platform";
import { RuleBook } from "../rules/rules.svelte";
import { Preferences } from "../status/preferences.svelte";
import { Owner } from "../status/owner.svelte";
import { homeOf } from "../words/path_text";
import { t, words } from "../words/words.svelte";
import { Shell } from "./shell.svelte";

/** The window: its stores and the host they speak to. */
export class UsherWindow {
  readonly shell = new Shell();
  readonly activity: Activity;
  readonly rules: RuleBook;
  readonly owner: Owner;
  readonly preferences: Preferences;
  /** The user's home, for writing it as `~`. */
  home = $derived.by(() => (this.owner.status ? homeOf(this.owner.status.places) : ""));

  constructor(readonly platform: Platform) {
    const { call } = platform;
    this.activity = new Activity(call);
    this.rules = new RuleBook(call);
    this.owner = new Owner(call);
    this.preferences = new Preferences(call, platform);
  }

  /** Listens and loads. Answers how to stop listening. */
  start(): Stop {
    words.speak("", this.platform.language());
    const stops = [
      this.platform.onNotice((notice) => this.#hear(notice)),
      this.platform.onLink((up) => this.#link(up)),
      this.platform.onShown(() => void this.#shown()),
    ];
    void this.refresh().then(() => this.#painted());
    return () => stops.forEach((stop) => stop());
  }

  /** Asks for everything anew. */
  async refresh(): Promise<void> {
    await Promise.all([this.owner.load(), this.rules.load(), this.activity.load(), this.preferences.load()]);
    const failure = this.activity.failure ?? this.owner.failure;
    this.shell.linked = failure?.code !== "unreachable";
  }

  /** Does something that may be refused, and says so where it is. */
  async attempt<T>(deed: Promise<T>): Promise<T | undefined> {
    try {
      return await deed;
    } catch (refusal) {
      this.shell.report(refusal as Parameters<Shell["report"]>[0]);
      return undefined;
    }
  }

  /** Shows a path in the file manager. */
  async reveal(path: string): Promise<void> {
    await this.attempt(this.platform.call<null>({ method: "reveal", params: { path } }));
  }

  #hear(notice: Notice): void {
    this.shell.linked = true;
    switch (notice.type) {
      case "run":
        this.activity.hear(notice.run);
        if (notice.run.ended !== null) this.rules.ran();
        this.#announce(notice.run);
        break;
      case "status":
        this.owner.status = notice.status;
        break;
      case "rules":
        this.rules.hear(notice.rules);
        break;
      case "message":
        this.shell.note(notice.title, notice.text);
        break;
      case "event":
        break;
    }
  }

  #announce(run: Run): void {
    const count = run.step_count;
    if (run.ended !== null) this.shell.announce(t("shell-announce-run", { rules: run.rules.join(", "), count }));
  }

  #link(up: boolean): void {
    this.shell.linked = up;
    if (up) void this.refresh();
  }

  async #shown(): Promise<void> {
    this.shell.callSearch();
    this.#painted();
    await this.refresh();
  }

  /** Two frames on, what was rendered last is on the screen. */
  #painted(): void {
    requestAnimationFrame(() => requestAnimationFrame(() => this.platform.painted()));
  }
}
