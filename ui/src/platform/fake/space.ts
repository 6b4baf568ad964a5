// How much room the fake owner's memory takes: a run a day for a year, with two megabytes kept for each.

import type { KeepLimits } from "../../api/KeepLimits";
import type { Space } from "../../api/Space";

const used = { journal: 18_400_000, vault: 734_000_000 };

/** What some limits would give up. */
export function spaceOf({ keep_days, vault_megabytes }: KeepLimits): Space {
  const old = keep_days === 0 || keep_days >= 365 ? 0 : 365 - keep_days;
  const over = vault_megabytes === 0 ? 0 : Math.max(0, used.vault - vault_megabytes * 1_000_000);
  const bytes = Math.max(over, old * 2_000_000);
  return { ...used, runs: old, steps: old * 3, kept_things: Math.ceil(bytes / 2_000_000), bytes };
}
