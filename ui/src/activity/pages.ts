// A long run comes piece by piece. What the window has of its steps is one stretch without gaps, which grows at both ends.

import type { LogQuery } from "../api/LogQuery";
import type { Run } from "../api/Run";

/** So many steps are asked for at a time. */
export const stepPage = 1000;

/** The owner answers no more than this at once. */
const longestPage = 10_000;

/** Which steps of a run are asked for. */
export type Stretch = Partial<Pick<LogQuery, "steps" | "from_step">>;

/** How many steps there are before the first that is here. */
export const leftBefore = (run: Run): number => run.steps[0]?.step ?? 0;

/** How many steps there are behind the last that is here. */
export const leftBehind = (run: Run): number => Math.max(0, run.step_count - leftBefore(run) - run.steps.length);

/** The steps that are here, to be asked for anew; the first page where it holds them. */
export function stretchOf(run: Run | undefined): Stretch {
  if (!run || (leftBefore(run) === 0 && run.steps.length <= stepPage)) return {};
  return { from_step: leftBefore(run), steps: Math.min(Math.max(run.steps.length, stepPage), longestPage) };
}

/** The page that holds the step at a place. */
export function stretchAround(place: number): Stretch {
  return place < stepPage ? {} : { from_step: place - (place % stepPage), steps: stepPage };
}

/** The steps next to those that are here, at one end. */
export function stretchBeside(run: Run, end: "before" | "behind"): Stretch {
  const first = leftBefore(run);
  if (end === "behind") return { from_step: first + run.steps.length, steps: stepPage };
  const from_step = Math.max(0, first - stepPage);
  return { from_step, steps: first - from_step };
}

/** Whether a run as it came lacks steps that are here already. */
export function isShorter(run: Run, known: Run): boolean {
  return run.steps.length < run.step_count && (run.steps.length < known.steps.length || leftBefore(known) > 0);
}
