// What a value's data says by its type: text, lists of texts, numbers; of any other type its bytes.

import { bigU64At, u32At } from '../bytes/cursor.ts';
import { utf16le } from '../bytes/text.ts';
import { RegType } from './key-value.ts';

/** A REG_QWORD is a bigint; data that is too short for its type is given as its bytes. */
export type ValueContent = string | readonly string[] | number | bigint | Uint8Array;

/** Texts end at their first zero, lists of texts at the first empty one, as Windows' own functions take them. */
export function valueContent(type: number, data: Uint8Array): ValueContent {
  switch (type) {
    case RegType.sz:
    case RegType.expandSz:
    case RegType.link:
      return utf16le(data, 0, data.length).replace(/\0.*$/s, '');
    case RegType.multiSz: {
      const texts = utf16le(data, 0, data.length).split('\0');
      const end = texts.indexOf('');
      return end < 0 ? texts : texts.slice(0, end);
    }
    case RegType.dword:
      return data.length < 4 ? data : u32At(data, 0);
    case RegType.dwordBigEndian:
      return data.length < 4 ? data : u32At(data.slice(0, 4).reverse(), 0);
    case RegType.qword:
      return data.length < 8 ? data : bigU64At(data, 0);
    default:
      return data;
  }
}
