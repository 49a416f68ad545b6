// Bounded numbers, text and GUIDs out of bytes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cursor, u8At, u16At, u32At, u64At } from '../../src/bytes/cursor.ts';
import { guidAt } from '../../src/bytes/guid.ts';
import { latin1, utf8, utf16le, wellFormed, zeroAt } from '../../src/bytes/text.ts';

describe('numbers', () => {
  it('agree with DataView inside and are -1 outside', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.integer({ min: -4, max: 24 }), (bytes, at) => {
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        const inside = (size: number): boolean => at >= 0 && at + size <= bytes.length;
        expect(u8At(bytes, at)).toBe(inside(1) ? view.getUint8(at) : -1);
        expect(u16At(bytes, at)).toBe(inside(2) ? view.getUint16(at, true) : -1);
        expect(u32At(bytes, at)).toBe(inside(4) ? view.getUint32(at, true) : -1);
        expect(u64At(bytes, at)).toBe(inside(8) ? Number(view.getBigUint64(at, true)) : -1);
      }),
    );
    expect(u32At(Uint8Array.of(1, 2, 3, 4), Number.NaN)).toBe(-1);
  });

  it('are read in turn by a cursor that stays in its bounds', () => {
    const cursor = new Cursor(Uint8Array.of(9, 1, 2, 0, 3, 0, 0, 0x80, 7, 7, 7), 1, 10);
    expect([cursor.u8(), cursor.u16(), cursor.u32(), cursor.left]).toEqual([1, 2, 0x80000003, 2]);
    cursor.align(4, 1);
    expect([cursor.offset, cursor.u32(), cursor.ended, cursor.u8(), cursor.offset]).toEqual([9, -1, true, -1, 10]);
  });
});

describe('text', () => {
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

  it('keeps every byte of single-byte text, however long', () => {
    const all = Uint8Array.from({ length: 10_000 }, (_, i) => i);
    const text = latin1(all, -5, 99_999);
    expect(Uint8Array.from(text, (character) => character.charCodeAt(0))).toEqual(all);
    expect(latin1(all, 5, 5)).toBe('');
  });

  it('finds a zero in bounds only', () => {
    expect([zeroAt(bytes(1, 0, 2, 0), 0, 4), zeroAt(bytes(1, 0, 2, 0), 2, 3), zeroAt(bytes(1), 5, 9)]).toEqual([
      1, -1, -1,
    ]);
  });

  it('decodes UTF-16LE and escapes lone surrogates', () => {
    expect(utf16le(bytes(0x41, 0, 0xe9, 0, 0x3d, 0xd8, 0, 0xde, 0x42), 0, 99)).toBe('Aé😀');
    expect(utf16le(bytes(0x41, 0, 0, 0xd8, 0x42, 0), 0, 6)).toBe('A\\u{d800}B');
    expect(wellFormed('\udc00x\ud83d\ude00')).toBe('\\u{dc00}x😀');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (any) => {
        const text = utf16le(any, 0, any.length);
        expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text))).toBe(text);
      }),
    );
  });

  it('decodes UTF-8, and keeps the bytes of what is not', () => {
    expect(utf8(bytes(0x61, 0xc3, 0xa9, 0x62), 0, 3)).toBe('aé');
    expect(utf8(bytes(0x61, 0xff), 0, 9)).toBe('a\xff');
  });
});

it('writes a GUID as Windows does', () => {
  const bytes = Uint8Array.from({ length: 17 }, (_, i) => 0xf0 + i);
  expect(guidAt(bytes, 0)).toBe('f3f2f1f0-f5f4-f7f6-f8f9-fafbfcfdfeff');
  expect([guidAt(bytes, 2), guidAt(bytes, -1)]).toEqual([undefined, undefined]);
});
