import { afterEach, expect, test } from "vitest";
import { chordOfWords, chordText, chordWords } from "./key_names";
import { words } from "./words.svelte";

afterEach(() => words.speak("", "en"));

test("chords are written as on the keys", () => {
  expect(chordText("Mod+1", false)).toBe("Ctrl+1");
  expect(chordText("Mod+1", true)).toBe("⌘1");
  expect(chordText("Shift+Enter", true)).toBe("⇧Enter");
  expect(chordText("Alt+ArrowUp", false)).toBe("Alt+↑");
  expect(chordText("Escape", false)).toBe("Esc");
  expect(chordText("constructor+?", false)).toBe("constructor+?");
});

test("keys have the names of the language", () => {
  words.speak("fr", "fr");
  expect(chordText("Mod+Enter", false)).toBe("Ctrl+Entrée");
  expect(chordText("Shift+Escape", false)).toBe("Maj+Échap");
  expect(chordText("ctrl+alt+space", false)).toBe("Ctrl+Alt+Espace");
});

test("what is written in those words is read as the chord it was", () => {
  for (const language of ["en", "fr"]) {
    words.speak(language, language);
    for (const chord of ["Ctrl+Alt+Space", "Shift+Super+PageUp", "F9", "Ctrl+Escape", ""])
      expect(chordOfWords(chordWords(chord))).toBe(chord);
  }
  expect(chordOfWords(" maj + espace ")).toBe("Shift+Space");
  expect(chordOfWords("Ctrl+Alt+Space")).toBe("Ctrl+Alt+Space");
});
