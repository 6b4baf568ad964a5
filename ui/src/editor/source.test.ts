import { EditorView } from "@codemirror/view";
import { expect, test } from "vitest";
import { openSource, type Source } from "./source";

/** An open editor with what it says of its text. */
function opened(text: string): { source: Source; view: EditorView; said: string[] } {
  const host = document.body.appendChild(document.createElement("div"));
  const said: string[] = [];
  const onchange = (text: string) => void said.push(text);
  const source = openSource(host, { text, label: "Source", schema: null, onchange });
  const view = EditorView.findFromDOM(host.shadowRoot?.querySelector(".cm-editor") as HTMLElement);
  if (!view) throw new Error("no editor is there");
  return { source, view, said };
}

test("a letter is one letter, whatever ends the lines", () => {
  for (const text of ["rules:\r\n  - name: A\r\n", "rules:\n  - name: A\n"]) {
    const { source, view, said } = opened(text);
    source.show(text);
    expect(said).toEqual([]);
    view.dispatch({ changes: { from: view.state.doc.line(2).to, insert: "b" } });
    expect(said).toEqual([text.replace("A", "Ab")]);
    source.close();
  }
});

test("a text from elsewhere brings its own line ends", () => {
  const { source, view, said } = opened("rules: []\n");
  source.show("a: 1\r\nb: 2\r\n");
  expect(said).toEqual([]);
  view.dispatch({ changes: { from: 4, insert: "\nc: 3" } });
  expect(said).toEqual(["a: 1\r\nc: 3\r\nb: 2\r\n"]);
  source.close();
});
