// Whatever a host throws becomes a `Refusal` here, so that views have one kind of failure to show.

import type { Refusal } from "../api/Refusal";

function isRefusal(thrown: unknown): thrown is Refusal {
  if (typeof thrown !== "object" || thrown === null) return false;
  const { code, message } = thrown as Partial<Refusal>;
  return typeof code === "string" && typeof message === "string";
}

/** Makes a refusal of anything that was thrown. */
export function asRefusal(thrown: unknown): Refusal {
  if (isRefusal(thrown)) return { code: thrown.code, message: thrown.message, hint: thrown.hint ?? null };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "failed", message, hint: null };
}
