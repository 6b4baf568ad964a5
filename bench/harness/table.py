"""Figures and the tables they are printed in."""

import statistics


def median(values):
    """The median, or None without values."""
    return statistics.median(values) if values else None


def percentile(values, share):
    """The value that `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(values, scale=1.0, digits=1):
    """Median and range in one cell: `12.3 (11.0-14.2)`."""
    if not values:
        return "-"
    middle, low, high = (f"{value / scale:.{digits}f}" for value in (median(values), min(values), max(values)))
    return middle if len(values) == 1 else f"{middle} ({low}-{high})"


def ratio(values, floor):
    """How many times the floor's median this median is."""
    if not values or not floor or not median(floor):
        return "-"
    return f"{median(values) / median(floor):.2f}x"


def show(title, note, columns, rows):
    """Prints one measure: a heading, a line on what was measured, and a table."""
    print(f"\n{title}\n  {note}")
    table = [columns, *rows]
    widths = [max(len(str(row[column])) for row in table) for column in range(len(columns))]
    for row in table:
        cells = (str(cell).ljust(width) for cell, width in zip(row, widths))
        print("  " + "  ".join(cells).rstrip())
    print(flush=True)
