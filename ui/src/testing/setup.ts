// What a test finds in place of a browser: scrolling and observing do nothing, and each test begins in an empty page.

import { configure } from "@testing-library/svelte";
import { afterEach, vi } from "vitest";

// Nothing here is hidden by style, and asking the style of every element is most of the time a test takes.
configure({ defaultHidden: true, asyncUtilTimeout: 10_000 });

class Observer {
  observe = vi.fn();
  unobserve = vi.fn();
  disconnect = vi.fn();
  takeRecords = () => [];
}

vi.stubGlobal("IntersectionObserver", Observer);
Element.prototype.scrollIntoView = vi.fn();

afterEach(() => {
  document.documentElement.removeAttribute("data-theme");
});
