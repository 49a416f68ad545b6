// The function table: chained parts, loops, order, ARM64.
import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/pe/image.ts';
import { buildOne, type Content } from './build-pe.ts';

const read = (write: (c: Content) => void, size: number, machine?: number) => {
  const image = readImage(buildOne(write, { 3: [0x1000, size] }, machine === undefined ? {} : { machine }));
  const { count, begin, end, owner, unwind } = image.functions;
  return {
    count,
    begin: [...begin],
    end: [...end],
    owner: [...owner],
    unwind: [...unwind],
    notes: image.notes.map(({ text }) => text),
  };
};
/** UNWIND_INFO with `codes` unwind codes that chains to `parent` (or to nothing). */
const unwind = (c: Content, at: number, codes: number, parent?: readonly [number, number, number]): void => {
  c.u8(at, 1 | ((parent === undefined ? 0 : 4) << 3), 0, codes, 0);
  if (parent !== undefined) c.u32(at + 4 + 2 * (codes + (codes % 2)), ...parent);
};

describe('x64', () => {
  it('gives parts to the primary they are chained to, over several steps', () => {
    const answer = read((c) => {
      c.u32(0x1000, 0x2000, 0x2100, 0x1200, 0x2100, 0x2180, 0x1240, 0x3000, 0x3010, 0x1280);
      unwind(c, 0x1200, 2);
      unwind(c, 0x1240, 3, [0x2000, 0x2100, 0x1200]);
      unwind(c, 0x1280, 0, [0x2100, 0x2180, 0x1240]);
    }, 36);
    expect(answer).toEqual({
      count: 3,
      begin: [0x2000, 0x2100, 0x3000],
      end: [0x2100, 0x2180, 0x3010],
      owner: [0x2000, 0x2000, 0x2000],
      unwind: [0x1200, 0x1240, 0x1280],
      notes: [],
    });
  });

  it('follows an entry that points to another entry', () => {
    const answer = read((c) => {
      c.u32(0x1000, 0x2000, 0x2100, 0x1200, 0x2100, 0x2180, 0x1001);
      unwind(c, 0x1200, 0);
    }, 24);
    expect(answer.owner).toEqual([0x2000, 0x2000]);
    expect(answer.unwind).toEqual([0x1200, 0x1001]);
  });

  it('leaves a part that is chained in a loop to itself', () => {
    const answer = read((c) => {
      c.u32(0x1000, 0x2000, 0x2100, 0x1200, 0x2100, 0x2180, 0x1240);
      unwind(c, 0x1200, 0, [0x2100, 0x2180, 0x1240]);
      unwind(c, 0x1240, 0, [0x2000, 0x2100, 0x1200]);
    }, 24);
    expect(answer.owner).toEqual([0x2000, 0x2100]);
    expect(answer.notes).toEqual([expect.stringContaining('2 entries are chained in a loop')]);
  });

  it('sorts, and leaves out what is no range', () => {
    const answer = read(
      (c) => c.u32(0x1000, 0x3000, 0x3010, 0x1200, 0x2000, 0x2010, 0x1200, 0x5000, 0x4000, 0x1200),
      48,
    );
    expect(answer).toMatchObject({ count: 2, begin: [0x2000, 0x3000], end: [0x2010, 0x3010], owner: [0x2000, 0x3000] });
    expect(answer.notes).toHaveLength(2);
  });

  it('reads no further than the file', () => {
    const answer = read((c) => c.u32(0x1000, 0x2000, 0x2010, 0x1200), 0xfffffffc);
    expect([answer.count, answer.notes.length]).toEqual([1, 1]);
  });
});

it('reads ARM64 lengths, packed and from .xdata', () => {
  const answer = read((c) => c.u32(0x1000, 0x2000, (4 << 2) | 1, 0x3000, 0x1200).u32(0x1200, 8), 16, 0xaa64);
  expect(answer).toMatchObject({ begin: [0x2000, 0x3000], end: [0x2010, 0x3020], owner: [0x2000, 0x3000] });
});
