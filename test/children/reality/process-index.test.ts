// Which process had an id at a time: in any order of reading, and in time for a log in which all starts have one id.
import { expect, it } from 'vitest';
import { ProcessIndex } from '../../../src/children/reality/process-index.ts';
import type { ProcessStart } from '../../../src/children/reality/process-start.ts';

const start = (time: number, image: string, more: Partial<ProcessStart> = {}) =>
  ({ host: 'h', pid: 4, parentPid: 4, image, time: BigInt(time), ...more }) as unknown as ProcessStart;

it('the parent is the last that got the id, whatever the order of reading', () => {
  const index = new ProcessIndex();
  for (const one of [start(9e9, 'c.exe'), start(10, 'a.exe'), start(5e9, 'b.exe')]) index.add(one);
  const parentAt = (time: number) => index.parentOf(start(time, 'x.exe'))?.image;
  expect([5, 10, 5e9 - 1, 5e9, 99e9].map(parentAt)).toEqual([undefined, 'a.exe', 'a.exe', 'b.exe', 'c.exe']);
});

it('is found at once where a log gives every start the same id', () => {
  const index = new ProcessIndex();
  const all = Array.from({ length: 60_000 }, (_, i) => start(i * 10_000, 'a.exe'));
  for (const one of all) index.add(one);
  const begun = performance.now();
  for (const one of all) index.parentOf(one);
  for (const one of all) index.twinOf(one);
  expect(performance.now() - begun).toBeLessThan(5000);
}, 20_000);
