// File names are anything a disk allows: line breaks, escape sequences, marks that turn text around. `safeParts` makes
// each such character visible, so that a name cannot pretend to be another one. What is printed stays text; nothing
// here makes HTML.

/** A stretch of text; `mark` where it stands for characters that do not show themselves. */
export interface Part {
  text: string;
  mark: boolean;
}

// Controls, halves of a surrogate pair, line and paragraph separators, format characters (marks that turn text around,
// zero-width spaces, tags) and letters that leave a gap. Format characters that show are left alone, and so are the
// joiners U+200C and U+200D, which emoji and Persian words need.
const unseen =
  /(?![\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\u115f|\u1160|\u17b4|\u17b5|\u2800|\u3164|\uffa0/gu;

/** What ASCII calls its controls, from 0. */
const controls =
  "NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US";
const nameOf = controls.split(" ");
nameOf[0x7f] = "DEL";

/**
 * The visible stand-in of one character: its name where ASCII has one, its code point elsewhere. Every font has these
 * marks and letters; pictures of controls are boxes in many.
 */
function standIn(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `\u2039${nameOf[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, "0")}`}\u203a`;
}

/** Splits a text into what can be shown as it is and stand-ins for what cannot. */
export function safeParts(text: string): Part[] {
  const parts: Part[] = [];
  let shown = 0;
  for (const found of text.matchAll(unseen)) {
    if (found.index > shown) parts.push({ text: text.slice(shown, found.index), mark: false });
    parts.push({ text: standIn(found[0]), mark: true });
    shown = found.index + found[0].length;
  }
  if (shown < text.length) parts.push({ text: text.slice(shown), mark: false });
  return parts;
}

/** The same as plain text, for titles and labels. */
export function safeText(text: string): string {
  return text.replace(unseen, standIn);
}

/** A name inside a sentence: safe, and kept from reordering the words around it. */
export function quoted(text: string): string {
  return `\u2068${safeText(text)}\u2069`;
}
