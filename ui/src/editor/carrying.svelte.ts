// Carrying a condition or an action to another place, with the pointer or with keys: among its like, into a group, out
// of it again.

import type { Path } from "./draft";

/** Between two items of a list, counted as they are before anything is carried. */
export interface Spot {
  list: Path;
  place: number;
}

/** Which way the keys carry. */
export type Way = "up" | "down" | "in" | "out";

/** What is being dragged, and where it would land. */
export class Carrying {
  from = $state.raw<Path | null>(null);
  spot = $state.raw<Spot | null>(null);

  /** Takes an item up. */
  take(from: Path): void {
    this.from = from;
    this.spot = null;
  }

  /** Holds it over a point of the window. */
  over(x: number, y: number): void {
    const at = document.elementFromPoint(x, y);
    this.spot = this.from && at ? spotAt(at, y, this.from) : null;
  }

  /** Lets it go. Answers where, if it is a place for it. */
  drop(): { from: Path; spot: Spot } | null {
    const { from, spot } = this;
    this.from = null;
    this.spot = null;
    return from && spot ? { from, spot } : null;
  }
}

/** The mark of an item, or of a list, in the page. */
export const markOf = (path: Path): string => JSON.stringify(path);

const pathIn = (mark: string | undefined): Path | null => (mark === undefined ? null : (JSON.parse(mark) as Path));

/** Whether two paths lead to the same place. */
export function isSame(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((step, i) => step === b[i]);
}

function isWithin(path: Path, outer: Path): boolean {
  return outer.every((step, i) => path[i] === step);
}

/** The spot below a point: beside the innermost item there, or at the end of the list there. */
function spotAt(at: Element, y: number, from: Path): Spot | null {
  const item = at.closest<HTMLElement>("[data-part]");
  const list = at.closest<HTMLElement>("[data-parts]");
  const itemPath = pathIn(item?.dataset["part"]);
  const listPath = pathIn(list?.dataset["parts"]);
  const isInItem = item !== null && list !== null && list.contains(item);
  const spot =
    item && itemPath && isInItem
      ? { list: itemPath.slice(0, -1), place: Number(itemPath.at(-1)) + (isLowerHalf(item, y) ? 1 : 0) }
      : list && listPath
        ? { list: listPath, place: Number(list.dataset["count"] ?? 0) }
        : null;
  // Conditions stay conditions, actions stay actions of their rule, and nothing goes into itself.
  if (!spot || !isWithin(spot.list, from.slice(0, 3)) || isWithin(spot.list, from)) return null;
  return spot;
}

function isLowerHalf(element: HTMLElement, y: number): boolean {
  const { top, height } = element.getBoundingClientRect();
  return y > top + height / 2;
}

/** Where the keys carry an item, among its neighbours: past one, into the group beside it, or behind the group it is in.
 * `groupAt` tells the list that a neighbour holds, and how long it is. */
export function spotOf(
  way: Way,
  from: Path,
  count: number,
  groupAt: (nr: number) => { list: Path; count: number } | null,
): Spot | null {
  const list = from.slice(0, -1);
  const nr = Number(from.at(-1));
  switch (way) {
    case "up":
      return nr > 0 ? { list, place: nr - 1 } : null;
    case "down":
      return nr < count - 1 ? { list, place: nr + 2 } : null;
    case "in": {
      const above = groupAt(nr - 1);
      if (above) return { list: above.list, place: above.count };
      const below = groupAt(nr + 1);
      return below ? { list: below.list, place: 0 } : null;
    }
    case "out":
      // A list within a group stands behind the group's key, and that in an item.
      return list.length > 3 ? { list: list.slice(0, -2), place: Number(list.at(-2)) + 1 } : null;
  }
}

/** The path an item has once it has been carried. */
export function landed(from: Path, { list, place }: Spot): Path {
  const source = from.slice(0, -1);
  const nr = Number(from.at(-1));
  const steps = [...list, place];
  // Whatever stood behind the item in its list has moved up by one.
  const at = source.length;
  const step = steps[at];
  if (isWithin(steps, source) && typeof step === "number" && step > nr) steps[at] = step - 1;
  return steps;
}
