// What turns one list into another, item by item.

/** One change to a list, at a place in the list as it is by then. */
export type ListStep = { do: "remove"; at: number } | { do: "set" | "insert"; at: number; value: unknown };

/** The changes that make one list of another, from the end to the start: items that are in both stay, in the order they
 * have in both; of the others one takes the place of another where there are as many. */
export function stepsBetween(before: unknown[], after: unknown[]): ListStep[] {
  const steps: ListStep[] = [];
  let [end, endAfter] = [before.length, after.length];
  for (const [at, atAfter] of [...staying(before, after)].reverse()) {
    steps.push(...gap(at + 1, end, after.slice(atAfter + 1, endAfter)));
    [end, endAfter] = [at, atAfter];
  }
  return [...steps, ...gap(0, end, after.slice(0, endAfter))];
}

/** The changes between two items that stay. */
function gap(start: number, end: number, values: unknown[]): ListStep[] {
  const steps: ListStep[] = values.map((value, i) => ({
    do: start + i < end ? "set" : "insert",
    at: start + i,
    value,
  }));
  for (let at = end - 1; at >= start + values.length; at -= 1) steps.push({ do: "remove", at });
  return steps;
}

/** The longest row of items that both lists have in this order, each by its place in the one and in the other. */
function staying(before: unknown[], after: unknown[]): [number, number][] {
  const [ours, theirs] = [before, after].map((list) => list.map((item) => JSON.stringify(item)));
  const longest: number[][] = Array.from({ length: before.length + 1 }, () => Array(after.length + 1).fill(0));
  const at = (i: number, k: number) => longest[i]?.[k] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let k = after.length - 1; k >= 0; k -= 1) {
      const best = ours?.[i] === theirs?.[k] ? at(i + 1, k + 1) + 1 : Math.max(at(i + 1, k), at(i, k + 1));
      (longest[i] as number[])[k] = best;
    }
  }
  const row: [number, number][] = [];
  for (let i = 0, k = 0; i < before.length && k < after.length;) {
    if (ours?.[i] === theirs?.[k]) row.push([i++, k++]);
    else if (at(i + 1, k) >= at(i, k + 1)) i += 1;
    else k += 1;
  }
  return row;
}
