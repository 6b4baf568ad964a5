// The text editor. This file is the only one that names CodeMirror, and is loaded when the source tab is opened.
//
// The page's policy allows no style but its own sheets. In a shadow tree CodeMirror makes its sheets by script, which
// needs no exception; so that is where it lives.

import { autocompletion, completionKeymap, type CompletionContext } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState, type Text } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Problem } from "../api/Problem";
import { safeText } from "../words/safe_text";
import { completionsAt } from "./completion";
import { tell } from "../words/words.svelte";
import type { Place } from "./editor.svelte";
import { lineEndOf, withLineEnd } from "./line_ends";

/** What the editor is opened with. */
export interface Opening {
  text: string;
  label: string;
  /** The JSON schema of rule files, for completion. */
  schema: unknown;
  onchange: (text: string) => void;
}

/** An open text editor. */
export interface Source {
  /** Shows a text, where it is another one. */
  show(text: string): void;
  /** Marks problems at their places. */
  mark(problems: Problem[]): void;
  /** Goes to a place. */
  go(place: Place): void;
  close(): void;
}

const look = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--ground)", fontSize: "12px" },
  "&.cm-focused": { outline: "none" },
  // Above the line numbers and the line in hand, which would cover a ring of the box itself.
  "&.cm-focused::after": {
    content: '""',
    position: "absolute",
    inset: "0",
    zIndex: "250",
    boxShadow: "inset 0 0 0 2px var(--accent)",
    pointerEvents: "none",
  },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--ink)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--ground)", color: "var(--ink-soft)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--hover)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--accent-wash)",
  },
  ".cm-tooltip": { border: "1px solid var(--line-button)", backgroundColor: "var(--raised)", color: "var(--ink)" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent-wash)",
    color: "var(--ink)",
  },
  ".cm-completionInfo": { maxWidth: "280px", fontFamily: "var(--sans)" },
  ".cm-diagnostic": { whiteSpace: "pre-wrap" },
  ".cm-specialChar": { color: "var(--warn-ink)" },
});

const inks = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.string, tags.content], color: "var(--ink)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--ink-soft)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.bool, tags.number], color: "var(--good-ink)" },
  { tag: [tags.punctuation, tags.separator, tags.meta], color: "var(--ink-soft)" },
]);

/** Whether the system is asked for reduced motion. */
const wantsStillness = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Opens the editor in an element. */
export function openSource(host: HTMLElement, { text, label, schema, onchange }: Opening): Source {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  let told = false;
  // The editor knows one line end; the text has its own.
  let lineEnd = lineEndOf(text);
  const completions = (context: CompletionContext) => {
    const found = completionsAt(schema, context.state.doc.toString(), context.pos);
    if (!found || (found.options.length === 0 && !context.explicit)) return null;
    return { from: found.from, options: found.options, validFor: /^[\w ]*$/ };
  };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection({ cursorBlinkRate: wantsStillness() ? 0 : 1200 }),
        highlightSpecialChars(),
        highlightActiveLine(),
        indentOnInput(),
        indentUnit.of("  "),
        bracketMatching(),
        yaml(),
        syntaxHighlighting(inks),
        autocompletion({ override: [completions], icons: false }),
        // Tab indents; Escape and then Tab leaves the field, as CodeMirror has it everywhere.
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !told) onchange(withLineEnd(update.state.doc.toString(), lineEnd));
        }),
        look,
      ],
    }),
  });
  return {
    show(wanted) {
      lineEnd = lineEndOf(wanted);
      const lines = withLineEnd(wanted, "\n");
      if (view.state.doc.toString() === lines) return;
      told = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: lines } });
      told = false;
    },
    mark: (problems) =>
      view.dispatch(
        setDiagnostics(
          view.state,
          problems.map((problem) => diagnosticOf(view.state.doc, problem)),
        ),
      ),
    go({ line, column }) {
      view.dispatch({ selection: { anchor: placeOf(view.state.doc, line, column) }, scrollIntoView: true });
      view.focus();
    },
    close: () => view.destroy(),
  };
}

/** Where a place is. Columns count characters, the editor's places count UTF-16 units. */
function placeOf(doc: Text, nr: number, column: number): number {
  const line = doc.line(Math.min(Math.max(nr, 1), doc.lines));
  return line.from + [...line.text].slice(0, column - 1).join("").length;
}

/** A problem at its place. */
function diagnosticOf(doc: Text, problem: Problem): Diagnostic {
  const from = placeOf(doc, problem.line, problem.column);
  const to = Math.max(from, placeOf(doc, problem.line, problem.column + problem.length));
  return {
    from,
    to,
    severity: problem.severity === "error" ? "error" : "warning",
    message: safeText([problem.message, problem.help].flatMap((said) => (said ? [tell(said)] : [])).join("\n")),
  };
}
