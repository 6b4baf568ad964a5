// What is so of a noun, in the words of the window.

import type { Fact } from "../api/Fact";
import type { NounInfo } from "../api/NounInfo";
import { t } from "../words/words.svelte";

/** What each fact is called; its name, what stands beside that and its number are filled in. */
export const factWords: Record<string, string> = {
  none: "status-fact-none",
  volume: "status-fact-volume",
  device: "status-fact-named",
  ac: "occasion-ac",
  battery: "occasion-on-battery",
  percent: "status-fact-percent",
  online: "occasion-online",
  offline: "occasion-offline",
  connection: "status-fact-connection",
  locked: "occasion-locked",
  unlocked: "occasion-unlocked",
  in_use: "status-fact-in-use",
  unused: "status-fact-unused",
  display: "status-fact-named",
};

function factText({ code, name, beside, number }: Fact): string | null {
  const id = code === "volume" && beside === null ? "status-fact-named" : factWords[code];
  if (id === undefined) return null;
  return t(id, { name: name ?? "", beside: beside ?? "", number: number ?? 0 });
}

/** The state of a noun; nothing where it has a fact that this window does not know. */
export function stateText({ facts }: NounInfo): string | null {
  const texts = facts.map(factText);
  return texts.length > 0 && texts.every((text) => text !== null) ? texts.join(", ") : null;
}
