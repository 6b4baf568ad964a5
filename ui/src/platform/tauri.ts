// The desktop host: eight commands and four events, the same that `capabilities/` allows.

import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Notice } from "../api/Notice";
import type { Request } from "../api/Request";
import type { Platform, Stop } from "./platform";
import { asRefusal } from "./refusal";

async function ask<T>(command: string, args?: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (thrown) {
    throw asRefusal(thrown);
  }
}

/** Sends a command whose answer nobody waits for. The host going away is no news to a window. */
function tell(command: string): void {
  invoke(command).catch(() => undefined);
}

function hear<T>(event: string, listener: (payload: T) => void): Stop {
  const unlisten = listen<T>(event, ({ payload }) => listener(payload));
  return () => void unlisten.then((stop) => stop());
}

/** The window's real host. */
export const tauri: Platform = {
  call: <T>(request: Request) => ask<T>("call", { request }),
  onNotice: (listener) => hear<Notice>("notice", listener),
  followEvents: async (on) => {
    await ask<null>("follow_events", { on });
  },
  pickFolder: (begin, title) => ask<string | null>("pick_folder", { begin, title }),
  onLink: (listener) => hear<boolean>("link", listener),
  onShown: (listener) => hear<null>("shown", () => listener()),
  hide: () => tell("hide"),
  painted: () => tell("painted"),
  launchAtLogin: () => ask<boolean>("launch_at_login"),
  setLaunchAtLogin: (on) => ask<boolean>("set_launch_at_login", { on }),
  hotkeyProblem: () => ask<string | null>("hotkey_problem"),
  onHotkey: (listener) => hear<string | null>("hotkey", listener),
  ownerWords: (language) => ask<string>("owner_words", { language }),
  language: () => navigator.language,
  isMac: () => /mac/i.test(navigator.userAgent),
};
