// Where a span of time begins.

/** Where a span begins. */
export type Begin = "hour" | "today" | "yesterday" | "week" | "ever" | "moment";

/** Where each span begins, at a moment. */
export function beginOf(begin: Exclude<Begin, "moment">, now: number): string {
  const midnight = (days: number) => {
    const date = new Date(now);
    date.setHours(0, 0, 0, 0);
    date.setDate(date.getDate() - days);
    return date.toISOString();
  };
  switch (begin) {
    case "hour":
      return new Date(now - 3_600_000).toISOString();
    case "today":
      return midnight(0);
    case "yesterday":
      return midnight(1);
    case "week":
      return midnight(7);
    case "ever":
      return new Date(0).toISOString();
  }
}

/** A moment as a field has it, as the owner reads it; nothing where it is none. */
export function momentOf(text: string): string | null {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
