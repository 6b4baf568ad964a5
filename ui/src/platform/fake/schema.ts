// A small schema of rule files, of the same make as the owner's: references, choices, names alone.

import type { Schema } from "../../editor/schema";

const text: Schema = { type: ["string", "number"] };
const texts: Schema = { anyOf: [text, { type: "array", items: text }] };
const described = (description: string, ...ways: Schema[]): Schema => ({ description, anyOf: ways });
const object = (properties: Record<string, Schema>): Schema => ({ type: "object", properties });
const list = (of: string): Schema => ({ type: ["array", "null"], items: { $ref: `#/$defs/${of}` } });
const nested = (of: string): Schema => ({ anyOf: [{ $ref: `#/$defs/${of}` }, list(of)] });

/** The schema. */
export const schema: Schema = {
  type: "object",
  properties: { rules: nested("rule") },
  $defs: {
    rule: object({
      name: { ...text, description: "What to call the rule." },
      enabled: { enum: [true, false], description: "Whether it runs." },
      targets: { enum: ["files", "dirs"], description: "What it looks at." },
      locations: { ...texts, description: "Folders it looks in." },
      filters: { ...nested("filter"), description: "What has to hold." },
      actions: { ...nested("action"), description: "What is done." },
    }),
    filter: {
      anyOf: [
        { enum: ["empty", "not empty"] },
        object({
          extension: described("By its extension.", texts),
          name: described("By its name.", texts, object({ contains: texts, startswith: texts, endswith: texts })),
          lastmodified: described("By the time of its last change.", object({ days: text, hours: text })),
          filecontent: described("By the text in it.", text),
          all: list("filter"),
          any: list("filter"),
          none: list("filter"),
        }),
      ],
    },
    action: {
      anyOf: [
        { enum: ["trash"] },
        object({
          move: described("Moves it.", text, object({ dest: text, on_conflict: { enum: ["rename_new", "skip"] } })),
          rename: described("Gives it another name.", text),
          copy: described("Copies it.", text),
          echo: described("Says something.", text),
        }),
      ],
    },
  },
};
