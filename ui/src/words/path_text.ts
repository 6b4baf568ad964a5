// Paths as people read them. Whose separators they use is seen from the path: the owner's system is not asked for.

/** A path in the pieces a narrow line needs: the folder gives way first, the end of the name last. */
export interface PathPieces {
  folder: string;
  head: string;
  tail: string;
}

/** How much of a long name's end is always shown: enough for an extension and a counter. */
const tailLength = 10;

/** Writes the home as `~`. */
export function shorten(path: string, home: string): string {
  if (home === "" || !path.startsWith(home)) return path;
  const rest = path.slice(home.length);
  if (rest === "") return "~";
  return isSeparator(rest[0]) ? `~${rest}` : path;
}

/** Writes the home as `~` wherever a sentence names a path in it. */
export function shortenAll(text: string, home: string): string {
  if (home === "") return text;
  return text.replaceAll(`${home}/`, "~/").replaceAll(`${home}\\`, "~\\");
}

/** The last name in a path; the path itself where there is none. */
export function nameOf(path: string): string {
  return split(path).name;
}

/** The folder a path lies in, without a separator at its end except at a root. */
export function folderOf(path: string): string {
  const { folder } = split(path);
  return folder.length > 1 ? folder.slice(0, -1) : folder;
}

/** Cuts a path for a line that may be too short for it. */
export function pieces(path: string): PathPieces {
  const { folder, name } = split(path);
  const letters = Array.from(name);
  if (letters.length <= tailLength * 2) return { folder, head: "", tail: name };
  return { folder, head: letters.slice(0, -tailLength).join(""), tail: letters.slice(-tailLength).join("") };
}

function split(path: string): { folder: string; name: string } {
  const separators = separatorsOf(path);
  const body = path.length > 1 && separators.includes(path.at(-1) ?? "") ? path.slice(0, -1) : path;
  const cut = Math.max(...separators.map((separator) => body.lastIndexOf(separator))) + 1;
  // A separator at the very end of a root is no reason to show nothing.
  if (cut === body.length) return { folder: "", name: path };
  return { folder: body.slice(0, cut), name: body.slice(cut) };
}

/** In a Unix path a backslash is a letter like any other. */
function separatorsOf(path: string): string[] {
  return /^~?\//.test(path) ? ["/"] : ["/", "\\"];
}

function isSeparator(character: string | undefined): boolean {
  return character === "/" || character === "\\";
}
