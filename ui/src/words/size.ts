// Sizes as people read them.

const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/** A number of bytes with the unit that keeps it short: `734 MB`. */
export function sizeText(bytes: number, language: string): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const number = bytes / 1000 ** power;
  const style = {
    style: "unit",
    unitDisplay: "short",
    maximumFractionDigits: number < 10 && power > 0 ? 1 : 0,
  } as const;
  return new Intl.NumberFormat(language, { ...style, unit: units[power] ?? "byte" }).format(number);
}
