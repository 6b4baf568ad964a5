// What the window needs of its host, and nothing more. `tauri.ts` is the real one; `fake.ts` is its twin for tests,
// pictures and development. Everything else in the window takes a `Platform` and knows no host.

import type { Notice } from "../api/Notice";
import type { Request } from "../api/Request";

/** Ends a subscription. */
export type Stop = () => void;

/** Asks the owner. Rejects with a `Refusal` and with nothing else; its code is `unreachable` where nobody answers. */
export type Call = <T>(request: Request) => Promise<T>;

/** The host of the window. */
export interface Platform {
  /** Asks the owner. */
  call: Call;
  /** Hears what the owner tells every client. */
  onNotice(listener: (notice: Notice) => void): Stop;
  /** Hears raw events too, or no longer. They cost something while they are heard. */
  followEvents(on: boolean): Promise<void>;
  /** Lets the user choose a folder, beginning at one; answers nothing where they choose none. */
  pickFolder(begin: string | null, title: string): Promise<string | null>;
  /** Hears whether the host is connected to the owner, whenever that changes. */
  onLink(listener: (up: boolean) => void): Stop;
  /** Hears that the window was shown again. */
  onShown(listener: () => void): Stop;
  /** Hides the window. */
  hide(): void;
  /** Tells the host that a frame with content is on the screen, after a start or a show. */
  painted(): void;
  /** Whether Usher starts with the session. */
  launchAtLogin(): Promise<boolean>;
  /** Asks for Usher to start with the session, or not; answers what is true afterwards. */
  setLaunchAtLogin(on: boolean): Promise<boolean>;
  /** Why the chord of the settings does not open the window, where it does not. */
  hotkeyProblem(): Promise<string | null>;
  /** Hears whenever that changes. */
  onHotkey(listener: (problem: string | null) => void): Stop;
  /** What the owner may say, in a language: a Fluent file. */
  ownerWords(language: string): Promise<string>;
  /** The system's language, as a BCP 47 tag. */
  language(): string;
  /** Whether the system is a Mac, where shortcuts are made with Cmd. */
  isMac(): boolean;
}
