// How the lines of a text end. Other systems write CRLF; who writes into such a file writes the same.

/** What ends most lines of a text. */
export function lineEndOf(text: string): "\n" | "\r\n" {
  const all = text.split("\n").length - 1;
  const long = text.split("\r\n").length - 1;
  return long * 2 > all ? "\r\n" : "\n";
}

/** A text with its lines ended in one way. */
export function withLineEnd(text: string, end: "\n" | "\r\n"): string {
  return text.replaceAll(/\r?\n/g, end);
}

/** Changes a text whose lines all end in CRLF as if they ended in LF. */
export function inItsLineEnds(text: string, change: (text: string) => string): string {
  const plain = withLineEnd(text, "\n");
  return plain !== text && withLineEnd(plain, "\r\n") === text ? withLineEnd(change(plain), "\r\n") : change(text);
}
