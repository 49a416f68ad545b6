// Hives that lie: changed at random, or made to lead in circles, to cost more than their bytes, or to point where nothing is.
import { describe, expect, it } from 'vitest';
import { Filled, type KeySpec, sealHive, writeHive } from '../../fixtures/hives/hive-writer.ts';
import { samDiff } from '../../src/accounts/sam-diff.ts';
import { samDocument } from '../../src/accounts/sam-document.ts';
import { samDiffLines, samLines } from '../../src/cli/accounts-sam-text.ts';
import { PLAIN_STYLE } from '../../src/cli/print.ts';
import { FormatError } from '../../src/errors.ts';
import { type Hive, openHive } from '../../src/hive/hive.ts';
import { readSam, type Sam } from '../../src/hive/sam/sam.ts';
import { Fuzzer, SLOW } from './fuzzer.ts';
import { SMALL_HIVES } from './small-hives.ts';

/** Hives that are changed; a million with WINNOW_FUZZ=1000000, other ones with another WINNOW_FUZZ_FROM. */
const HIVES = Number(process.env.WINNOW_FUZZ ?? 2000);
const FROM = Number(process.env.WINNOW_FUZZ_FROM ?? 0);

const whole = readSam(openHive(SMALL_HIVES[2].bytes));

/** All that a SAM is asked for, of a hive that may be none. */
function asSam(hive: Hive): void {
  let sam: Sam;
  try {
    sam = readSam(hive);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return;
  }
  const lines = [
    ...samLines(samDocument(hive, sam), PLAIN_STYLE),
    ...samDiffLines(samDiff(whole, sam), PLAIN_STYLE),
    ...samDiffLines(samDiff(sam, whole), PLAIN_STYLE),
  ];
  for (const line of lines)
    if (/[^\P{Cc}\n]/u.test(line))
      throw new Error(`a control character comes to the terminal: ${JSON.stringify(line)}`);
}

describe('changed hives', () => {
  it(
    `are read or refused, in time, and handed out no more often than they are long (${HIVES})`,
    () => {
      const fuzzer = new Fuzzer(asSam);
      for (let i = FROM; i < FROM + HIVES; i++) {
        const fault = fuzzer.fault(i);
        if (fault !== undefined) expect.fail(`hive ${i}: ${fault}`);
      }
      // What is refused at the door shows nothing of the reader.
      expect(fuzzer.read).toBeGreaterThan(HIVES / 2);
      if (HIVES > 2000)
        console.log(`${HIVES} hives from ${FROM} on: ${fuzzer.read} read, slowest ${fuzzer.slowest.toFixed(1)} ms`);
    },
    HIVES * 20 + 60_000,
  );
});

/** Offsets are those from the first bin on, as in the hive. */
class Changed {
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(root: KeySpec) {
    this.bytes = writeHive(root);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Of the record of a key. */
  at(path: string): number {
    return openHive(this.bytes.slice()).key(path)!.offset;
  }

  field(record: number, at: number): number {
    return this.view.getUint32(4096 + record + 4 + at, true);
  }

  set(record: number, at: number, value: number): void {
    this.view.setUint32(4096 + record + 4 + at, value, true);
  }

  open(): Hive {
    return openHive(sealHive(this.bytes));
  }
}

const notesOf = (hive: Hive): string => hive.notes.map(({ text }) => text).join('\n');
const SUBKEY_LIST = 28;
const VALUE_LIST = 40;
const PARENT = 16;

describe('a lie', () => {
  it('of a key among its own subkeys is left out', () => {
    const changed = new Changed({ name: 'R', subkeys: [{ name: 'a', subkeys: [{ name: 'b' }] }] });
    const list = changed.field(changed.at('a'), SUBKEY_LIST);
    changed.set(list, 4, changed.at('a'));
    const hive = changed.open();
    expect([...hive.keys()].map(({ path }) => path)).toEqual(['', 'a']);
    expect(notesOf(hive)).toMatch(/which is elsewhere, is listed by the one at/);
  });

  it('of one list for two keys is told, and read once', () => {
    const many = Array.from({ length: 100 }, (_, i) => ({ name: `k${i}` }));
    const changed = new Changed({
      name: 'R',
      subkeys: [
        { name: 'a', subkeys: many },
        { name: 'b', subkeys: many },
      ],
    });
    changed.set(changed.at('b'), SUBKEY_LIST, changed.field(changed.at('a'), SUBKEY_LIST));
    const hive = changed.open();
    expect([...hive.keys()]).toHaveLength(103);
    expect(notesOf(hive)).toMatch(/belongs to the record at/);
  });

  it('of a wrong parent is told, and the key is there all the same', () => {
    const changed = new Changed({ name: 'R', subkeys: [{ name: 'a' }, { name: 'b' }] });
    changed.set(changed.at('a'), PARENT, changed.at('b'));
    const hive = changed.open();
    expect([...hive.keys()].map(({ path }) => path)).toEqual(['', 'a', 'b']);
    expect(notesOf(hive)).toMatch(/says that its parent is at/);
  });

  it('of a key in two lists is told where it belongs', () => {
    const changed = new Changed({
      name: 'R',
      subkeys: [
        { name: 'a', subkeys: [{ name: 'x' }] },
        { name: 'b', subkeys: [{ name: 'y', subkeys: [{ name: 'z' }] }] },
      ],
    });
    changed.set(changed.field(changed.at('a'), SUBKEY_LIST), 4, changed.at('b\\y'));
    const hive = changed.open();
    expect([...hive.keys()].map(({ path }) => path)).toEqual(['', 'a', 'b', 'b\\y', 'b\\y\\z']);
    expect(notesOf(hive)).toMatch(/which is elsewhere, is listed by/);
  });

  it('of a parent that nothing leads to hides no key', () => {
    const changed = new Changed({
      name: 'R',
      subkeys: [{ name: 'a', subkeys: [{ name: 'x' }] }, { name: 'b' }, { name: 'c', subkeys: [{ name: 'y' }] }],
    });
    // c lists y as it should, but nothing lists c; a lists y instead of x.
    const [c, y] = [changed.at('c'), changed.at('c\\y')];
    changed.set(changed.field(changed.at('a'), SUBKEY_LIST), 4, y);
    changed.set(changed.field(changed.at(''), SUBKEY_LIST), 4 + 2 * 8, changed.at('b'));
    expect(changed.field(y, PARENT)).toBe(c);
    const hive = changed.open();
    expect([...hive.keys()].map(({ path }) => path)).toEqual(['', 'a', 'a\\y', 'b']);
    expect(notesOf(hive)).toMatch(/says that its parent is at/);
  });

  it.each<[string, (changed: Changed) => void, RegExp]>([
    [
      'a list that leads nowhere',
      (c) => c.set(c.at(''), SUBKEY_LIST, 0xffff_ffff),
      /list of subkeys at 0xffffffff leads nowhere/,
    ],
    ['a list outside of the hive', (c) => c.set(c.at(''), SUBKEY_LIST, 0x7fff_fff0), /lies in no bin/],
    ['a list within the header of a bin', (c) => c.set(c.at(''), SUBKEY_LIST, 8), /lies in no bin/],
    ['a cell that is not in use', (c) => c.set(c.at('a'), -4, 0x10), /not in use/],
    ['a cell of 2 GB', (c) => c.set(c.at('a'), -4, 0x8000_0000), /which is not whole in its bin/],
    ['a cell of four bytes', (c) => c.set(c.at('a'), -4, 0xffff_fffc), /which is not whole in its bin/],
    ['a list that is a key', (c) => c.set(c.at(''), SUBKEY_LIST, c.at('a')), /stands no list of subkeys/],
    [
      'a key that is a list',
      (c) => c.set(c.field(c.at(''), SUBKEY_LIST), 4, c.field(c.at(''), SUBKEY_LIST)),
      /stands no key/,
    ],
    [
      '65,535 subkeys in a list of two',
      (c) => c.view.setUint16(4096 + c.field(c.at(''), SUBKEY_LIST) + 6, 0xffff, true),
      /says that it has 65535 entries/,
    ],
    [
      '4 billion subkeys',
      (c) => c.set(c.at(''), 20, 0xffff_ffff),
      /says that it has 4294967295 subkeys, and its list has 2/,
    ],
    ['4 billion values', (c) => c.set(c.at(''), 36, 0xffff_ffff), /says that it has 4294967295 values/],
    ['a value that is a key', (c) => c.set(c.field(c.at(''), VALUE_LIST), 0, c.at('a')), /stands no value/],
    ['data of 4 GB', (c) => c.set(c.field(c.field(c.at(''), VALUE_LIST), 0), 4, 0x7fff_ffff), /of 2147483647 bytes/],
    [
      'data of 5 bytes in its record',
      (c) => c.set(c.field(c.field(c.at(''), VALUE_LIST), 0), 4, 0x8000_0005),
      /has 4 of 5 bytes/,
    ],
    [
      'a name longer than its record',
      (c) => c.view.setUint16(4096 + c.at('a') + 4 + 72, 0xffff, true),
      /name of the key at .* is cut off/,
    ],
    ['a bin without its name', (c) => c.bytes.fill(0, 4096, 4100), /there is no bin/],
    ['a bin of a wrong size', (c) => c.view.setUint32(4096 + 8, 5, true), /says that it has 5 bytes/],
    ['bins of 4 GB', (c) => c.view.setUint32(40, 0xffff_f000, true), /the hive is cut off/],
  ])('about %s is noted', (_, change, note) => {
    const changed = new Changed({
      name: 'R',
      subkeys: [{ name: 'a' }, { name: 'b' }],
      values: [{ name: 'v', type: 3, data: new Uint8Array(300) }],
    });
    change(changed);
    let notes: string;
    try {
      const hive = changed.open();
      for (const key of hive.keys()) for (const value of key.values()) value.data();
      notes = notesOf(hive);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      notes = `there is no bin; ${error.message}`;
    }
    expect(notes).toMatch(note);
  });

  it('of a root within a root is left out', () => {
    const changed = new Changed({ name: 'R', leafSize: 1, subkeys: [{ name: 'a' }, { name: 'b' }] });
    const list = changed.field(changed.at(''), SUBKEY_LIST);
    changed.bytes.set(new Filled(2).text(0, 'ri').bytes, 4096 + changed.field(list, 4) + 4);
    const hive = changed.open();
    expect([...hive.keys()].map(({ name }) => name)).toEqual(['R', 'b']);
    expect(notesOf(hive)).toMatch(/a root within a root/);
  });

  it.each([
    ['nothing', new Uint8Array(0), /no registry hive/],
    ['text', new TextEncoder().encode('regfriend'.padEnd(5000)), /which is not read/],
    ['its first bytes', writeHive({ name: 'R' }).slice(0, 600), /cut off within its first 4096 bytes/],
    ['its base block', writeHive({ name: 'R' }).slice(0, 4096), /root key cannot be read/],
  ])('of %s alone is refused', (_, bytes, message) => {
    expect(() => openHive(bytes)).toThrow(FormatError);
    expect(() => openHive(bytes)).toThrow(message);
  });
});

describe('a hive made to cost more than its bytes', () => {
  it.each<[string, () => Changed]>([
    [
      'values that share the largest data',
      () => {
        const values = Array.from({ length: 2000 }, (_, i) => ({ name: `v${i}`, type: 3, data: new Uint8Array(8) }));
        const changed = new Changed({
          name: 'R',
          values: [...values, { name: 'big', type: 3, data: new Uint8Array(1 << 21).fill(1) }],
        });
        const list = changed.field(changed.at(''), VALUE_LIST);
        const big = changed.field(list, 2000 * 4);
        for (let i = 0; i < 2000; i++) {
          const value = changed.field(list, i * 4);
          changed.set(value, 4, changed.field(big, 4));
          changed.set(value, 8, changed.field(big, 8));
        }
        return changed;
      },
    ],
    [
      'big data of one segment many times',
      () => {
        const changed = new Changed({
          name: 'R',
          values: [{ name: 'big', type: 3, data: new Uint8Array(1 << 22).fill(1) }],
        });
        const big = changed.field(changed.field(changed.field(changed.at(''), VALUE_LIST), 0), 8);
        const segments = changed.field(big, 4);
        for (let i = 1; i < 257; i++) changed.set(segments, i * 4, changed.field(segments, 0));
        return changed;
      },
    ],
    [
      'thousands of keys that share one list of thousands',
      () => {
        const many = Array.from({ length: 3000 }, (_, i) => ({ name: `k${i}`, subkeys: [{ name: 'x' }] }));
        const changed = new Changed({ name: 'R', leafSize: 5000, subkeys: many });
        const list = changed.field(changed.at(''), SUBKEY_LIST);
        for (let i = 0; i < 3000; i++) changed.set(changed.field(list, 4 + i * 8), SUBKEY_LIST, list);
        return changed;
      },
    ],
    [
      'two ways from each level to the next',
      () => {
        const level = (depth: number): KeySpec[] =>
          depth === 0
            ? []
            : [
                { name: 'a', subkeys: level(depth - 1) },
                { name: 'b', subkeys: [{ name: 'a' }, { name: 'b' }] },
              ];
        const changed = new Changed({ name: 'R', subkeys: level(120) });
        let path = '';
        for (let i = 0; i < 118; i++) {
          const below = `${path}a\\`;
          const list = changed.field(changed.at(`${path}b`), SUBKEY_LIST);
          changed.set(list, 4, changed.at(`${below}a`));
          changed.set(list, 12, changed.at(`${below}b`));
          path = below;
        }
        return changed;
      },
    ],
  ])('by %s is read in time', (_, make) => {
    const changed = make();
    sealHive(changed.bytes);
    const before = process.cpuUsage().user;
    expect(new Fuzzer().faultOf(changed.bytes)).toBeUndefined();
    expect((process.cpuUsage().user - before) / 1000).toBeLessThan(2 * SLOW);
  });
});
