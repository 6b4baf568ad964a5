// The user's settings. A setting that is refused keeps its old value, and the reason stands beside it.

import { SvelteMap } from "svelte/reactivity";
import type { Refusal } from "../api/Refusal";
import type { Settings } from "../api/Settings";
import type { SettingsPatch } from "../api/SettingsPatch";
import { News } from "../platform/news";
import type { Call, Platform } from "../platform/platform";

/** What a refusal can stand beside. */
export type SettingName = keyof Settings | "launch_at_login";

/** What of the host is a setting too. */
type Host = Pick<Platform, "launchAtLogin" | "setLaunchAtLogin" | "hotkeyProblem">;

const nothing: SettingsPatch = {
  hotkey: null,
  hide_on_blur: null,
  grace_seconds: null,
  language: null,
  theme: null,
  notifications: null,
  quiet_hours: null,
  digest: null,
  muted_rules: null,
  keep_days: null,
  vault_megabytes: null,
};

/** The settings, with the host's own one. */
export class Preferences {
  settings = $state.raw<Settings | null>(null);
  launchAtLogin = $state<boolean | null>(null);
  /** Why the chord of the settings does not open the window, where it does not. */
  hotkeyProblem = $state<string | null>(null);
  readonly refusals = new SvelteMap<SettingName, Refusal>();
  readonly #call: Call;
  readonly #host: Host;
  readonly #news = new News();

  constructor(call: Call, host: Host) {
    this.#call = call;
    this.#host = host;
  }

  /** Asks for all of them. What cannot be read is not shown. */
  async load(): Promise<void> {
    const [, launch, hotkey] = await Promise.allSettled([
      this.#answer(this.#call<Settings>({ method: "settings" })),
      this.#host.launchAtLogin(),
      this.#host.hotkeyProblem(),
    ]);
    if (launch.status === "fulfilled") this.launchAtLogin = launch.value;
    if (hotkey.status === "fulfilled") this.hotkeyProblem = hotkey.value;
  }

  /** Takes in the settings as they are now. */
  hear(settings: Settings): void {
    this.#news.hear();
    this.settings = settings;
  }

  /** Changes one setting. Answers whether it was accepted. */
  async change<K extends keyof Settings>(name: K, value: Settings[K]): Promise<boolean> {
    return this.#attempt(name, async () => {
      const params: SettingsPatch = { ...nothing, [name]: value };
      await this.#answer(this.#call<Settings>({ method: "set_settings", params }));
    });
  }

  /** Whether a rule shows no notification. */
  isMuted(rule: string): boolean {
    return this.settings?.muted_rules.includes(rule) ?? false;
  }

  /** Lets a rule show notifications, or not. */
  async mute(rule: string, muted: boolean): Promise<boolean> {
    const others = (this.settings?.muted_rules ?? []).filter((one) => one !== rule);
    return this.change("muted_rules", muted ? [...others, rule] : others);
  }

  /** Has Usher start with the session, or not. */
  async setLaunchAtLogin(on: boolean): Promise<boolean> {
    return this.#attempt("launch_at_login", async () => {
      this.launchAtLogin = await this.#host.setLaunchAtLogin(on);
    });
  }

  async #answer(question: Promise<Settings>): Promise<void> {
    this.settings = (await this.#news.unlessOvertaken(question)) ?? this.settings;
  }

  async #attempt(name: SettingName, deed: () => Promise<void>): Promise<boolean> {
    try {
      await deed();
      this.refusals.delete(name);
      return true;
    } catch (refusal) {
      this.refusals.set(name, refusal as Refusal);
      return false;
    }
  }
}
