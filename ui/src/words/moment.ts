// Moments as people read them: which day, what time, how long ago. The present and the language are arguments.

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The local day a moment falls on, as a key that sorts: `2026-11-22`. */
export function dayKey(at: string): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** How many local days lie between a moment and now: 0 for today, 1 for yesterday. */
export function daysAgo(at: string, now: number): number {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(Date.parse(at))) / day);
}

/** Making a formatter takes longer than using it a hundred times, and a list uses it once a line. */
function kept<T>(make: (language: string) => T): (language: string) => T {
  const made = new Map<string, T>();
  return (language) => {
    const format = made.get(language) ?? make(language);
    made.set(language, format);
    return format;
  };
}

/** Formats a moment; one that cannot be read is shown as it came rather than breaking the line it is on. */
function told(format: Intl.DateTimeFormat, at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : format.format(date);
}

const dayOfYear = kept((tag) => new Intl.DateTimeFormat(tag, { weekday: "long", day: "numeric", month: "long" }));
const wholeDay = kept(
  (tag) => new Intl.DateTimeFormat(tag, { weekday: "long", day: "numeric", month: "long", year: "numeric" }),
);
const timeOfDay = kept((tag) => new Intl.DateTimeFormat(tag, { hour: "2-digit", minute: "2-digit" }));
const dayOfMonth = kept((tag) => new Intl.DateTimeFormat(tag, { day: "numeric", month: "short" }));
const everything = kept((tag) => new Intl.DateTimeFormat(tag, { dateStyle: "full", timeStyle: "medium" }));
const distance = kept((tag) => new Intl.RelativeTimeFormat(tag, { numeric: "auto", style: "short" }));

/** A whole date: `Sunday, 22 November`, with the year where it is another one. */
export function dayName(at: string, now: number, language: string): string {
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return told((isThisYear ? dayOfYear : wholeDay)(language), at);
}

/** The time of day: `14:32`. */
export function clockTime(at: string, language: string): string {
  return told(timeOfDay(language), at);
}

/** A date in short: `20 Nov`. */
export function shortDay(at: string, language: string): string {
  return told(dayOfMonth(language), at);
}

/** Everything there is to know about a moment, for titles. */
export function fullMoment(at: string, language: string): string {
  return told(everything(language), at);
}

/** `2 min. ago`, `yesterday`; empty for a moment that just passed, which has a word of its own. */
export function ago(at: string, now: number, language: string): string {
  const past = now - Date.parse(at);
  if (Number.isNaN(past)) return at;
  if (Math.abs(past) < minute) return "";
  if (Math.abs(past) < hour) return distance(language).format(-Math.trunc(past / minute), "minute");
  if (Math.abs(past) < day) return distance(language).format(-Math.trunc(past / hour), "hour");
  return distance(language).format(-daysAgo(at, now), "day");
}
