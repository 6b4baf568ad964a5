// Whatever a host throws becomes a `Refusal` here, so that views have one kind of failure to show.

import type { Refusal } from "../api/Refusal";
import type { Sentence } from "../api/Sentence";

function isRefusal(thrown: unknown): thrown is Refusal {
  if (typeof thrown !== "object" || thrown === null) return false;
  const { code, message } = thrown as Partial<Refusal>;
  return typeof code === "string" && typeof message === "object" && typeof message.text === "string";
}

/** Words that have no twin in another language. */
export const foreign = (text: string): Sentence => ({ text });

/** Makes a refusal of anything that was thrown. */
export function asRefusal(thrown: unknown): Refusal {
  if (isRefusal(thrown)) return { code: thrown.code, message: thrown.message, hint: thrown.hint ?? null };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "failed", message: foreign(message), hint: null };
}
