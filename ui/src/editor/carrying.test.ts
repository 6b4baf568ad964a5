import { expect, test } from "vitest";
import { landed, spotOf } from "./carrying.svelte";

const filters = ["rules", 0, "filters"];
const group = [...filters, 1, "any"];
const groupAt = (nr: number) => (nr === 1 ? { list: group, count: 2 } : null);

test("keys carry past a neighbour, into the group beside, and out of a group", () => {
  expect(spotOf("up", [...filters, 0], 3, groupAt)).toBeNull();
  expect(spotOf("up", [...filters, 2], 3, groupAt)).toEqual({ list: filters, place: 1 });
  expect(spotOf("down", [...filters, 0], 3, groupAt)).toEqual({ list: filters, place: 2 });
  expect(spotOf("down", [...filters, 2], 3, groupAt)).toBeNull();
  expect(spotOf("in", [...filters, 2], 3, groupAt)).toEqual({ list: group, place: 2 });
  expect(spotOf("in", [...filters, 0], 3, groupAt)).toEqual({ list: group, place: 0 });
  expect(spotOf("in", [...filters, 4], 5, groupAt)).toBeNull();
  expect(spotOf("out", [...group, 0], 2, () => null)).toEqual({ list: filters, place: 2 });
  expect(spotOf("out", [...filters, 0], 3, groupAt)).toBeNull();
});

test("what has been carried is found where it landed", () => {
  expect(landed([...filters, 0], { list: filters, place: 2 })).toEqual([...filters, 1]);
  expect(landed([...filters, 2], { list: filters, place: 0 })).toEqual([...filters, 0]);
  expect(landed([...filters, 0], { list: group, place: 2 })).toEqual([...filters, 0, "any", 2]);
  expect(landed([...filters, 2], { list: group, place: 2 })).toEqual([...group, 2]);
  expect(landed([...group, 0], { list: filters, place: 2 })).toEqual([...filters, 2]);
});
