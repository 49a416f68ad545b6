// Single values of the SAM, and the ways in which people and tools write their bytes.
import { describe, expect, it } from 'vitest';
import { accountF, accountV, aliasC, domainF, domainV, groupC, MACHINE_SID } from '../../fixtures/hives/sam-writer.ts';
import { decodeSamValue, type SamValueName } from '../../src/accounts/sam-decode.ts';
import { bytesOfText } from '../../src/accounts/value-bytes-text.ts';
import { FormatError } from '../../src/errors.ts';

const BOB = { rid: 1001, name: 'bob', fullName: 'Bob' };

describe('a value', () => {
  it.each<[SamValueName, string, Uint8Array, object]>([
    [
      'F',
      'user',
      accountF({ ...BOB, fRid: 500, control: 0x214 }),
      { rid: 500, acb: '0x214', acb_words: ['password not required', 'normal account', 'password never expires'] },
    ],
    ['F', 'domain', domainF({ nextRid: 1010 }), { next_rid: 1010 }],
    ['V', 'user', accountV(BOB), { name: 'bob', full_name: 'Bob', groups: [513], nt_hash_len: 24 }],
    ['V', 'domain', domainV(MACHINE_SID), { sid: MACHINE_SID }],
    [
      'C',
      'alias',
      aliasC({ rid: 544, name: 'Administrators', members: [500] }),
      { rid: 544, name: 'Administrators', members: [`${MACHINE_SID}-500`] },
    ],
    ['C', 'group', groupC(513, 'None', [500]), { rid: 513, name: 'None', members: [500], attributes: '0x7' }],
  ])('%s of a %s', (value, of, bytes, fields) => {
    expect(decodeSamValue(value, bytes)).toMatchObject({
      schema: 'winnow.accounts-sam-value/1',
      value,
      of,
      size: bytes.length,
      fields,
      notes: [],
    });
  });

  it('says what of it is cut off', () => {
    const c = aliasC({ rid: 544, name: 'Administrators', members: [500] });
    expect(decodeSamValue('C', c.slice(0, -4))).toMatchObject({
      fields: { members: [] },
      notes: ['of 1 members 0 can be read'],
    });
    const v = accountV(BOB).slice(0, 0xcc + 22);
    expect(decodeSamValue('V', v)).toMatchObject({
      fields: { name: null },
      notes: expect.arrayContaining(['name is cut off']),
    });
  });

  it.each<[SamValueName]>([['C'], ['F'], ['V']])('%s of other bytes is refused', (value) => {
    for (const bytes of [new Uint8Array(0), new Uint8Array(40), new Uint8Array(60).fill(0xff)])
      if (value !== 'F' || bytes.length < 0x44) expect(() => decodeSamValue(value, bytes)).toThrow(FormatError);
  });
});

describe('bytes', () => {
  it.each([
    ['hexadecimal', '0a1bFF'],
    ['with blanks and lines', ' 0a 1b\n ff '],
    ['with commas', '0a,1b,ff'],
    ['with 0x', '0x0a, 0x1b, 0xff'],
    ['with dashes', '0A-1B-FF'],
    ['of a .reg file', 'hex:0a,\\\r\n  1b,ff'],
    ['of a .reg file with a name and a type', '"F"=hex(3):0a,1b,ff'],
    ['of a default value', '@=hex(1f4):0a,1b,ff'],
    ['of ProcMon', 'Type: REG_BINARY, Length: 3, Data: 0A 1B FF'],
    ['base64', 'Chv/'],
    ['base64 for URLs', 'Chv_'],
  ])('%s', (_, text) => expect(bytesOfText(text)).toEqual(Uint8Array.of(0x0a, 0x1b, 0xff)));
  it.each([
    ['QQ==', 1],
    ['QUI=', 2],
    ['QUI', 2],
    ['QUJD\nRA==', 4],
  ])('base64 %s has its length', (text, length) => expect(bytesOfText(text)).toHaveLength(length));
  it.each(['', ' ', 'a b c!', 'QUJDR', '/etc/x.y'])('%j is none', (text) => expect(bytesOfText(text)).toBeUndefined());
});
