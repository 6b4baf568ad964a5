// How much of the past is kept. What a smaller limit would give up is shown before it is set, since it cannot be had back.

import type { KeepLimits } from "../api/KeepLimits";
import type { Refusal } from "../api/Refusal";
import type { Settings } from "../api/Settings";
import type { Space } from "../api/Space";
import type { Call } from "../platform/platform";
import type { Preferences } from "./preferences.svelte";

/** The limits of the journal and the vault in the window. */
export class Keeping {
  /** What is in use, and what the limits of the settings would give up. */
  space = $state.raw<Space | null>(null);
  /** Limits that would give something up, waiting for a yes. */
  wish = $state.raw<KeepLimits | null>(null);
  /** What they would give up. */
  would = $state.raw<Space | null>(null);
  refusal = $state.raw<Refusal | null>(null);
  busy = $state(false);
  readonly #call: Call;
  readonly #preferences: Preferences;

  constructor(call: Call, preferences: Preferences) {
    this.#call = call;
    this.#preferences = preferences;
  }

  /** Asks how much room is in use. */
  async load(): Promise<void> {
    await this.#attempt(async () => {
      this.space = await this.#call<Space>({ method: "space", params: null });
    });
  }

  /** Chooses a limit. One that gives nothing up is set at once. */
  async choose(settings: Settings, change: Partial<KeepLimits>): Promise<void> {
    const { keep_days, vault_megabytes } = settings;
    const params: KeepLimits = { keep_days, vault_megabytes, ...change };
    await this.#attempt(async () => {
      const would = await this.#call<Space>({ method: "space", params });
      const loses = would.runs > 0 || would.kept_things > 0;
      [this.wish, this.would] = loses ? [params, would] : [null, null];
      if (!loses) await this.#set(params);
    });
  }

  /** Sets the limits that were waiting, and gives up what they do not keep. */
  async confirm(): Promise<void> {
    const { wish } = this;
    if (!wish) return;
    await this.#attempt(async () => {
      await this.#set(wish);
      this.leave();
      this.space = await this.#call<Space>({ method: "free_space" });
    });
  }

  /** Leaves everything as it is. */
  leave(): void {
    this.wish = null;
    this.would = null;
  }

  async #set(limits: KeepLimits): Promise<void> {
    await this.#preferences.change("keep_days", limits.keep_days);
    await this.#preferences.change("vault_megabytes", limits.vault_megabytes);
  }

  async #attempt(deed: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await deed();
      this.refusal = null;
    } catch (refusal) {
      this.refusal = refusal as Refusal;
    } finally {
      this.busy = false;
    }
  }
}
