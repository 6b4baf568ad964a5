// What the owner tells may read alike twice over: a location that is listed twice, two names that are no text. No view
// may take one for the other.

import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { scenes } from "../platform/fake/scenes";
import { openWindow, textOf } from "../testing/open_window";

const openHostile = () => openWindow((fake) => scenes["hostile"]?.(fake));

test("a location that is listed twice is shown twice, and so are folders that read alike", async () => {
  const { user } = await openHostile();
  await user.keyboard("{Control>}2{/Control}");
  const file = await screen.findByRole("region", { name: "documents.yaml" });
  expect(textOf(file)).toContain("~/Downloads~/Downloads");
  await user.keyboard("{Control>}3{/Control}");
  const folders = await screen.findByRole("region", { name: "Folders" });
  expect(within(folders).getAllByTitle(/caf\uFFFD$/)).toHaveLength(2);
});

test("a preview tells of each of two files that read alike", async () => {
  const { user } = await openHostile();
  await user.keyboard("{Control>}2{/Control}");
  await user.click(await screen.findByRole("button", { name: /Edit .*File invoices/ }));
  const preview = await screen.findByRole("complementary", { name: "Preview" });
  await waitFor(() => expect(within(preview).getAllByTitle(/holiday\.jpg/)).toHaveLength(2));
  expect(textOf(preview).split("permission denied")).toHaveLength(3);
});

test("the palette lists folders that read alike, each under the cursor in its turn", async () => {
  const { user } = await openHostile();
  await user.keyboard("/caf");
  const list = await screen.findByRole("listbox");
  await waitFor(() => expect(within(list).getAllByTitle(/caf\uFFFD$/)).toHaveLength(2));
  const current = () => within(list).getByRole("option", { selected: true });
  const first = current();
  await user.keyboard("{ArrowDown}");
  expect(current()).not.toBe(first);
  expect(textOf(current())).toBe(textOf(first));
});
