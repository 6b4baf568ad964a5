import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { expect, test } from "vitest";
import type { Attention } from "../api/Attention";
import { hostileNames, scenes } from "../platform/fake/scenes";
import { before, home, run, seedRuns, step } from "../platform/fake/seed";
import { dayKey } from "../words/moment";
import { lineOf, openWindow, textOf } from "../testing/open_window";
import { foreign } from "../platform/refusal";

const invoices = `${home}/Documents/Invoices/2026`;
const rows = () => screen.getAllByRole("row").map(textOf);
const asked = (fake: { asked: { method: string }[] }, method: string) =>
  fake.asked.filter((one) => one.method === method);

test("runs show under their day, newest first, with where files went", async () => {
  const { fake } = await openWindow();
  const days = new Set(fake.journal.runs.map((run) => dayKey(run.started)));
  const groups = await screen.findAllByRole("rowgroup");
  const [first] = rows();
  expect(groups.length).toBe(days.size);
  expect(first).toContain("EDF facture novembre.pdf");
  expect(first).toMatch(/File invoices ?· ?~\/Downloads ?→ ?~\/Documents\/Invoices\/2026/);
  const line = await lineOf("EDF facture novembre.pdf");
  expect(within(line).getByTitle("/home/ada/Documents/Invoices/2026")).toBeTruthy();
});

test("each state is told in a word", async () => {
  await openWindow();
  expect(textOf(await lineOf("hotel invoice.pdf"))).toMatch(/Failed.*permission denied/);
  expect(textOf(await lineOf("frame-0001.exr"))).toContain("Cannot be undone");
  const menus = await screen.findAllByTitle("wedding menu.pdf");
  const lines = menus.map((one) => textOf(one.closest("[role=row]")));
  expect(lines[0]).toContain("Undid");
  expect(lines[1]).toContain("Undone");
});

test("a run that happens now is listed and announced", async () => {
  const { fake } = await openWindow();
  fake.arrive("new invoice.pdf");
  await waitFor(() => expect(rows()[0]).toContain("new invoice.pdf"));
  const region = document.querySelector("[aria-live=polite].unseen");
  expect(textOf(region)).toBe("\u2068File invoices\u2069. One step done.");
  const said = region?.firstElementChild;
  fake.arrive("another invoice.pdf");
  await waitFor(() => expect(rows()[0]).toContain("another invoice.pdf"));
  expect(textOf(region)).toBe("\u2068File invoices\u2069. One step done.");
  expect(region?.firstElementChild, "the same words said again are news to a screen reader").not.toBe(said);
});

test("what failed and what was taken back is announced as that, and a run that goes on is not", async () => {
  const { fake } = await openWindow();
  const said = () => textOf(document.querySelector("[aria-live=polite].unseen"));
  const at = before(Date.now(), 0);
  const steps = [1, 2, 3].map((id) => step({ id: 900 + id, run: 400, at }));
  fake.tell({ type: "run", run: run({ id: 400, started: at, ended: null, steps }) });
  expect(said()).toBe("");
  fake.tell({ type: "run", run: run({ id: 400, started: at, steps, failed: 1 }) });
  await waitFor(() => expect(said()).toBe("\u2068File invoices\u2069. 2 steps done. One failed."));
  fake.tell({ type: "run", run: run({ id: 401, kind: "undo", of: 400, started: at, steps: steps.slice(1) }) });
  await waitFor(() => expect(said()).toMatch(/^Undid .File invoices.\. 2 steps done\.$/));
});

test("what comes up for the user is announced once, and what was behind it is no news", async () => {
  const { fake } = await openWindow();
  const said = () => textOf(document.querySelector("[aria-live=polite].unseen"));
  const { status } = fake;
  const failure = (path: string, at: number, more: number) => ({
    ...(status.attention.find((item) => item.code === "failed_step") as Attention),
    message: foreign(`Photos: move ${home}${path}: no room`),
    rule: "photos/Photos",
    at: before(fake.now(), at),
    path,
    more,
  });
  const wait = (...items: Attention[]) =>
    fake.tell({ type: "status", status: { ...status, attention: [...status.attention, ...items] } });
  wait();
  expect(said()).toBe("");
  wait(failure("/a\u202e.jpg", 2000, 0));
  await waitFor(() => expect(said()).toBe("Needs you. Photos: move ~/a‹U+202E›.jpg: no room"));
  const first = document.querySelector("[aria-live=polite].unseen > p");
  wait(failure("/a\u202e.jpg", 2000, 0));
  wait(failure("/b.jpg", 1000, 1));
  await waitFor(() => expect(said()).toBe("Needs you. Photos: move ~/b.jpg: no room"));
  expect(document.querySelector("[aria-live=polite].unseen > p")).not.toBe(first);
  wait(failure("/a\u202e.jpg", 2000, 0));
  await tick();
  expect(said()).toBe("Needs you. Photos: move ~/b.jpg: no room");
  wait(...["1", "2", "3", "4"].map((name, i) => ({ ...failure(`/${name}`, 0, 0), rule: `rule ${i}` })));
  await waitFor(() => expect(said()).toMatch(/^\d+ things wait for you\./));
});

test("a step is undone by its button, and the undo can be redone", async () => {
  const { fake, user } = await openWindow();
  await user.click(within(await lineOf("EDF facture novembre.pdf")).getByRole("button", { name: "Undo" }));
  await screen.findByText("One step would be taken back:");
  expect(asked(fake, "undo")).toHaveLength(0);
  await user.keyboard("{Enter}");
  expect(await screen.findByText("Undone.")).toBeTruthy();
  const lines = (await screen.findAllByTitle("EDF facture novembre.pdf")).map((one) => one.closest("[role=row]"));
  expect(textOf(lines[0])).toMatch(/Undid.*File invoices/);
  expect(textOf(lines[1])).toContain("Undone");
  await user.click(screen.getAllByRole("button", { name: "Redo" })[0] as HTMLElement);
  await screen.findByText("One step would be done again:");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(asked(fake, "undo")).toHaveLength(2));
  await waitFor(() => expect(rows()[0]).toContain("Redid"));
});

test("what an undo refuses is listed with the reason, and a free name can be asked for", async () => {
  const { fake, user } = await openWindow((fake) => scenes["taken"]?.(fake));
  await screen.findByText("Name and sort scans", { selector: "bdi" });
  await user.click(screen.getByRole("button", { name: "Undo all 4 steps" }));
  await screen.findByText("2 steps would be taken back:");
  await user.keyboard("{Enter}");
  const outcome = await screen.findByRole("alert");
  expect(textOf(outcome)).toContain("2 steps undone.");
  expect(textOf(outcome)).toContain("2 steps were left as they are:");
  expect(textOf(outcome)).toContain("~/Desktop/2026-11-21 scan0007.pdf is taken by something else now");
  await user.click(within(outcome).getByRole("button", { name: "Undo under a free name" }));
  await screen.findByText("2 steps would be taken back:");
  await user.keyboard("{Enter}");
  await waitFor(() =>
    expect(fake.asked).toContainEqual({ method: "undo", params: { what: "run", run: 206, rename: true } }),
  );
});

test("an undo that is refused as a whole says why", async () => {
  const { fake, user } = await openWindow();
  const line = await lineOf("EDF facture novembre.pdf");
  fake.journal.runs = [];
  await user.click(within(line).getByRole("button", { name: "Undo" }));
  expect(textOf(await screen.findByRole("alert"))).toContain("The journal has no such run.");
});

test("the pane says why, filter by filter, and Escape closes it", async () => {
  const { fake, user } = await openWindow();
  await user.click(within(await lineOf("EDF facture novembre.pdf")).getByRole("button", { name: "Why?" }));
  const pane = await screen.findByRole("complementary", { name: "Why?" });
  await within(pane).findByText("Would act");
  const text = textOf(pane);
  expect(text).toContain("Turned away");
  expect(text).toContain("Saw: 3 minutes");
  expect(text).toContain("One rule does not look here");
  const step = expect.any(Number) as number;
  expect(fake.asked.at(-1)).toEqual({ method: "why", params: { path: `${invoices}/EDF facture novembre.pdf`, step } });
  await user.click(within(pane).getByRole("button", { name: "Where it was" }));
  expect(fake.asked.at(-1)).toEqual({
    method: "why",
    params: { path: `${home}/Downloads/EDF facture novembre.pdf`, step },
  });
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("complementary")).toBeNull();
  expect(fake.hidden).toBe(0);
});

test("a place in a rule file leads to its line in the source, from the pane as from a mistake", async () => {
  const { user } = await openWindow();
  const isSource = () => screen.getByRole("tab", { name: "Source" }).getAttribute("aria-selected");
  await user.click(within(await lineOf("EDF facture novembre.pdf")).getByRole("button", { name: "Why?" }));
  await user.click((await screen.findAllByRole("button", { name: "documents.yaml:2" }))[0] as HTMLElement);
  await screen.findByRole("region", { name: /Rules in .*documents\.yaml/ });
  expect(isSource()).toBe("true");
  await user.keyboard("{Escape}");
  await user.click(await screen.findByRole("button", { name: "tidy.yaml:6:9" }));
  await screen.findByRole("region", { name: /Rules in .*tidy\.yaml/ });
  expect(isSource()).toBe("true");
});

test("narrowing asks the owner once, and says when nothing is found", async () => {
  const { fake, user } = await openWindow();
  const before = asked(fake, "log").length;
  await user.keyboard("/hotel{ArrowUp}{Enter}");
  await waitFor(() => expect(rows()).toHaveLength(1));
  expect(asked(fake, "log").length - before).toBe(1);
  await user.keyboard("/zebra{Enter}");
  expect(await screen.findByText(/Nothing found for/)).toBeTruthy();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(rows().length).toBeGreaterThan(5));
});

test("older runs are fetched from where the list ends, each once", async () => {
  const { fake, user } = await openWindow((fake) => {
    fake.journal.runs = seedRuns(fake.now(), 60);
  });
  const keys = () => screen.getAllByRole("row").map((row) => row.dataset["key"]);
  await screen.findByRole("button", { name: "Show older" });
  const count = keys().length;
  await user.click(screen.getByRole("button", { name: "Show older" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: "Show older" })).toBeNull());
  expect(keys().length).toBe(count + fake.journal.runs.length - 40);
  expect(new Set(keys()).size).toBe(keys().length);
});

test("a run from far back leaves no hole in the list", async () => {
  const { fake } = await openWindow((fake) => {
    fake.journal.runs = seedRuns(fake.now(), 60);
    const [about] = fake.status.attention.slice(-1);
    if (about) about.run = 101;
  });
  const keys = () => screen.getAllByRole("row").map((row) => row.dataset["key"]);
  (await screen.findByRole("button", { name: "Show" })).click();
  await waitFor(() => expect(keys().at(-1)).toBe("step-101"));
  screen.getByRole("button", { name: "Show older" }).click();
  await waitFor(() => expect(keys()).toContain("step-102"));
  const steps = fake.journal.runs.filter((run) => run.id <= 160).map((run) => `step-${run.id}`);
  expect(keys().slice(-60)).toEqual(steps);
});

test("the list is worked by keys alone", async () => {
  const { fake, user } = await openWindow();
  await lineOf("EDF facture novembre.pdf");
  const focused = () => (document.activeElement as HTMLElement).dataset["key"];
  await user.keyboard("j");
  expect(focused()).toBe("step-330");
  await user.keyboard("{ArrowDown}j");
  expect(focused()).toBe("step-328");
  await user.keyboard("k{ArrowUp}");
  expect(focused()).toBe("step-330");
  await user.keyboard("{Enter}");
  expect(fake.asked.at(-1)).toEqual({ method: "reveal", params: { path: `${invoices}/EDF facture novembre.pdf` } });
  await user.keyboard("o");
  expect(fake.asked.at(-1)).toEqual({ method: "open", params: { path: `${invoices}/EDF facture novembre.pdf` } });
  await user.keyboard("w");
  expect(await screen.findByRole("complementary")).toBeTruthy();
  await user.keyboard("{Escape}u");
  await screen.findByText("One step would be taken back:");
  await user.keyboard("{Escape}");
  expect(screen.queryByText("One step would be taken back:")).toBeNull();
  await waitFor(() => expect(focused()).toBe("step-330"));
  await user.keyboard("u");
  await screen.findByText("One step would be taken back:");
  await user.keyboard("{Enter}");
  await waitFor(() =>
    expect(fake.asked).toContainEqual({ method: "undo", params: { what: "step", step: 330, rename: false } }),
  );
});

test("a long run is folded, and unfolds by key", async () => {
  const { user } = await openWindow();
  const head = (await screen.findByText("Throw old downloads away", { selector: "bdi" })).closest<HTMLElement>(
    "[role=row]",
  );
  if (!head) throw new Error("the run has no line");
  expect(textOf(head)).toMatch(/14 steps.*1 failed/);
  expect(head.getAttribute("aria-expanded")).toBe("false");
  head.focus();
  await user.keyboard("{ArrowRight}");
  expect(head.getAttribute("aria-expanded")).toBe("true");
  expect(await lineOf("setup-1.zip")).toBeTruthy();
  await user.keyboard("{ArrowLeft}");
  expect(head.getAttribute("aria-expanded")).toBe("false");
});

test("steps that a list leaves out are fetched when the run unfolds", async () => {
  const at = before(Date.now(), 60_000);
  const steps = Array.from({ length: 8 }, (_, i) =>
    step({ id: 900 + i, run: 300, step: i, at, from: `/tmp/file ${i}.txt` }),
  );
  const { fake } = await openWindow();
  fake.journal.write(run({ id: 300, started: at, steps }));
  fake.tell({ type: "run", run: run({ id: 300, started: at, steps: steps.slice(0, 2), step_count: 8 }) });
  const head = await waitFor(() => {
    const found = document.querySelector<HTMLElement>('[data-key="run-300"]');
    if (!found) throw new Error("not listed yet");
    return found;
  });
  await fireEvent.click(head);
  expect(await lineOf("file 7.txt")).toBeTruthy();
});

test("what waits for the user stands on top and leads to its run", async () => {
  const { user } = await openWindow();
  const waiting = await screen.findByRole("region", { name: "Needs you" });
  expect(within(waiting).getAllByRole("listitem")).toHaveLength(3);
  await user.click(within(waiting).getByRole("button", { name: "Show" }));
  await waitFor(() => expect((document.activeElement as HTMLElement).dataset["key"]).toBe("step-328"));
});

test("hostile names are text, and what they hide is seen", async () => {
  await openWindow((fake) => scenes["hostile"]?.(fake));
  await waitFor(() => expect(rows()).toHaveLength(hostileNames.length));
  const text = rows().join("\n");
  expect(text).toContain("invoice‹U+202E›fdp.exe");
  expect(text).toContain("two‹LF›lines‹TAB›and a tab.pdf");
  expect(text).toContain("<img src=x onerror=alert(1)>.pdf");
  expect(document.querySelector("img")).toBeNull();
  for (const hidden of ["\u202e", "\u2066", "\u200b", "\u001b"]) {
    expect(document.body.innerHTML).not.toContain(hidden);
  }
});

test("what a rule asks is answered with a button, and leaves the list", async () => {
  const { fake, user } = await openWindow();
  await screen.findByText(/wants to act on 1412 more files/);
  await user.click(screen.getByRole("button", { name: "Go on" }));
  await waitFor(() => expect(screen.queryByText(/wants to act on 1412/)).toBeNull());
  expect(asked(fake, "answer")).toEqual([{ method: "answer", params: { question: 1, yes: true } }]);
});

test("a mistake that waits for the user leads to its line", async () => {
  const { user } = await openWindow();
  const waiting = await screen.findByRole("region", { name: "Needs you" });
  await user.click(await within(waiting).findByRole("button", { name: /Go to line .*6/ }));
  await screen.findByRole("region", { name: /Rules in .*tidy.yaml/ });
});

test("failures of one rule are one item, dismissed together; what mends itself has no button for that", async () => {
  const { fake, user } = await openWindow();
  const item = (await screen.findByText(/File invoices: move .*hotel invoice.pdf: permission denied/)).closest(
    "li",
  ) as HTMLElement;
  expect(textOf(item)).toContain("and 2 more like it");
  await user.click(within(item).getByRole("button", { name: /Dismiss/ }));
  const params = { code: "failed_step", rule: "invoices/File invoices", run: null, path: null };
  expect(asked(fake, "dismiss")).toEqual([{ method: "dismiss", params }]);
  const problem = screen.getByText(/tidy.yaml has a mistake/).closest("li") as HTMLElement;
  expect(within(problem).queryByRole("button", { name: /Dismiss/ })).toBeNull();
});

test("a file is opened by the button of its step", async () => {
  const { fake, user } = await openWindow();
  await user.click(within(await lineOf("EDF facture novembre.pdf")).getByRole("button", { name: "Open" }));
  expect(fake.asked.at(-1)).toEqual({ method: "open", params: { path: `${invoices}/EDF facture novembre.pdf` } });
});

test("a failed step is tried again by its button or its key, and what came of it is said", async () => {
  const { fake, user } = await openWindow((fake) => (fake.stillBroken = true));
  const line = await lineOf("hotel invoice.pdf");
  expect(within(await lineOf("EDF facture novembre.pdf")).queryByRole("button", { name: "Try again" })).toBeNull();
  await user.click(within(line).getByRole("button", { name: "Try again" }));
  const toast = (await screen.findByText("It failed again.")).closest(".toast");
  expect(textOf(toast)).toContain("permission denied");
  expect(asked(fake, "retry")).toEqual([{ method: "retry", params: { what: "step", step: 328 } }]);
  fake.stillBroken = false;
  line.focus();
  await user.keyboard("r");
  await screen.findByText("It worked this time.");
  expect(asked(fake, "retry")).toHaveLength(2);
  await waitFor(() => expect(rows()[0]).toContain("hotel invoice.pdf"));
  expect(rows()[0]).not.toContain("Failed");
});

test("what a rule has failed on and waits for the user is tried again together, and then waits no longer", async () => {
  const { fake, user } = await openWindow();
  const item = (await screen.findByText(/File invoices: move .*hotel invoice.pdf: permission denied/)).closest(
    "li",
  ) as HTMLElement;
  await user.click(within(item).getByRole("button", { name: "Try again" }));
  await screen.findByText("It worked this time.");
  const params = { what: "rule", rule: "invoices/File invoices" };
  expect(asked(fake, "retry")).toEqual([{ method: "retry", params }]);
  await waitFor(() =>
    expect(screen.queryByText(/File invoices: move .*hotel invoice.pdf: permission denied/)).toBeNull(),
  );
});

test("a run that goes on is stopped from its line, wherever it came from, and a short one is not offered that", async () => {
  const at = before(Date.now(), 60_000);
  const steps = [1, 2].map((i) => step({ id: 900 + i, run: 300, step: i, at, from: `/tmp/file ${i}.txt` }));
  const going = run({
    id: 300,
    started: at,
    ended: null,
    kind: "event",
    cause: foreign("volume mounted: BACKUP"),
    steps,
  });
  const single = run({ id: 301, started: at, ended: null, kind: "event", cause: foreign("/tmp/a.txt"), steps });
  const { fake, user } = await openWindow();
  fake.tell({ type: "run", run: going });
  const head = await waitFor(() => {
    const found = document.querySelector<HTMLElement>('[data-key="run-300"]');
    if (!found) throw new Error("not listed yet");
    return found;
  });
  await user.click(within(head).getByRole("button", { name: "Stop this run" }));
  expect(asked(fake, "stop_run")).toEqual([{ method: "stop_run", params: { run: 300, woken: false } }]);
  fake.tell({ type: "run", run: { ...going, ended: at } });
  await waitFor(() => expect(within(head).queryByRole("button", { name: "Stop this run" })).toBeNull());
  fake.tell({ type: "run", run: single });
  await waitFor(() => expect(document.querySelector('[data-key="run-301"]')).not.toBeNull());
  expect(screen.queryByRole("button", { name: "Stop this run" })).toBeNull();
});

test("a run that an event has set off shows how far it is, as one that was asked for does, and is ended there", async () => {
  const { fake, user } = await openWindow((fake) => scenes["importing"]?.(fake));
  const progress = await screen.findByRole("group", { name: /How far .*Import the camera.* has come/ });
  expect(textOf(progress)).toMatch(/Import the camera ?1.?240 files so far ?about 25 % looked through.*IMG_1240\.jpg/);
  expect(within(progress).getByRole("progressbar").getAttribute("max")).toBe("5000");
  await user.click(within(progress).getByRole("button", { name: "Stop" }));
  expect(fake.asked).toContainEqual({ method: "stop_run", params: { run: 340, woken: true } });
  await waitFor(() => expect(screen.queryByRole("group", { name: /How far/ })).toBeNull());
});

test("an undo that takes long shows how many of its steps are behind it, and is ended there", async () => {
  const { fake, user } = await openWindow();
  const at = before(Date.now(), 60_000);
  const steps = [1, 2].map((i) => step({ id: 900 + i, run: 300, step: i, at, from: `/tmp/file ${i}.txt` }));
  const going = run({ id: 300, started: at, ended: null, kind: "undo", of: 206, steps });
  fake.tell({ type: "run", run: going });
  fake.tell({ type: "progress", subjects: 3, looked: 3, of: 12, undo: true, path: "/tmp/file 3.txt" });
  const progress = await screen.findByRole("group", { name: "How far the undo has come" });
  expect(textOf(progress)).toMatch(/3 of 12 steps taken back/);
  const bar = within(progress).getByRole("progressbar", { name: "How far the undo has come" });
  expect([bar.getAttribute("value"), bar.getAttribute("max")]).toEqual(["3", "12"]);
  await user.click(within(progress).getByRole("button", { name: "Stop" }));
  expect(fake.asked).toContainEqual({ method: "stop_run", params: { run: 300, woken: false } });
  fake.tell({ type: "run", run: { ...going, ended: at } });
  await waitFor(() => expect(screen.queryByRole("progressbar")).toBeNull());
});
