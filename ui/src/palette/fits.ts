// Whether what was typed means a label of the window. The owner does the same for names, over the whole journal.

/** How well a text fits what was typed: 0 not at all; words in any order, letters may be left out of them. */
export function fit(text: string, typed: string): number {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  const letters = folded(text);
  let sum = 0;
  for (const word of words) {
    const one = fitOfWord(letters, word);
    if (one === 0) return 0;
    sum += one;
  }
  return words.length === 0 ? 1 : sum / words.length;
}

function fitOfWord(text: string, word: string): number {
  const at = text.indexOf(word);
  if (at === 0) return 4;
  if (at > 0) return /[\s\p{P}]/u.test(text[at - 1] ?? "") ? 3 : 2;
  return word.length > 2 && hasInOrder(text, word) ? 1 : 0;
}

function hasInOrder(text: string, word: string): boolean {
  let at = -1;
  for (const letter of word) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}

/** Without case and accents. */
function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The best fitting first; those that fit alike stay in their order. */
export function fitting<T>(all: T[], typed: string, labelOf: (one: T) => string): T[] {
  return all
    .map((one) => ({ one, fit: fit(labelOf(one), typed) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit)
    .map(({ one }) => one);
}
