// The message table, good and damaged, and the inserts of a message.
import { describe, expect, it } from 'vitest';
import { readMessage } from '../../src/code/format-pieces.ts';
import { readImage } from '../../src/pe/image.ts';
import { buildOne, type Content } from './build-pe.ts';

/** A tree with one message table, in English, of `size` bytes at 0x1080. */
function table(c: Content, size: number): Content {
  c.u32(0x1000, 0, 0, 0, 0x10000, 11, 0x80000018).u32(0x1018, 0, 0, 0, 0x10000, 1, 0x80000030);
  return c.u32(0x1030, 0, 0, 0, 0x10000, 0x409, 0x48).u32(0x1048, 0x1080, size, 0, 0);
}

/** Messages 5 (UTF-16) and 6 (single bytes). */
function two(c: Content, change: (c: Content) => void = () => {}): void {
  table(c, 64)
    .u32(0x1080, 1, 5, 6, 16)
    .u16(0x1090, 16, 1)
    .utf16(0x1094, 'go %1')
    .u16(0x10a0, 12, 0)
    .ascii(0x10a4, 'stop\r\n');
  change(c);
}

const messages = (change?: (c: Content) => void) => {
  const image = readImage(buildOne((c) => two(c, change), { 2: [0x1000, 0x200] }));
  return [image.messageTable, image.notes.map(({ text }) => text)];
};

describe('message table', () => {
  it('gives each text with its number', () => {
    expect(messages()).toEqual([
      [
        { id: 5, language: 0x409, text: 'go %1', rva: 0x1094 },
        { id: 6, language: 0x409, text: 'stop\r\n', rva: 0x10a4, wide: false },
      ],
      [],
    ]);
  });

  it.each([
    ['a message without a length', (c: Content) => c.u16(0x10a0, 0), 1, /a message cannot be read/],
    ['a message that is longer than the table', (c: Content) => c.u16(0x10a0, 0xffff), 1, /a message cannot be read/],
    ['more blocks than the table holds', (c: Content) => c.u32(0x1080, 0xffffffff), 2, /cut off|cannot be read/],
    ['a block outside', (c: Content) => c.u32(0x108c, 0x7fffffff), 0, /a message cannot be read/],
    ['a block without an end', (c: Content) => c.u32(0x1088, 0xffffffff), 2, /a message cannot be read/],
  ])('says what it leaves out: %s', (_, change, count, note) => {
    const [texts, notes] = messages(change);
    expect(texts).toHaveLength(count);
    expect(notes[0]).toMatch(note);
  });
});

describe('a message', () => {
  it('has inserts, escapes and an end', () => {
    expect(readMessage('%1 is 100%% %2!d!%n%0 rest', true)).toEqual([
      { kind: 'string', argument: 0, wide: true },
      { kind: 'text', text: ' is 100% ' },
      { kind: 'number', argument: 1, decimal: true },
    ]);
    expect(readMessage('%12!hs!%!', true)).toEqual([
      { kind: 'string', argument: 11, wide: false },
      { kind: 'text', text: '!' },
    ]);
  });

  it('is only text without any', () => {
    expect(readMessage('plain\r\n', true)).toEqual([{ kind: 'text', text: 'plain' }]);
  });

  it('with many lines is read as fast as one with few', () => {
    const lines = '\n'.repeat(1 << 20);
    expect(readMessage(`${lines}end${lines}`, true)).toEqual([{ kind: 'text', text: `${lines}end` }]);
  });
});
