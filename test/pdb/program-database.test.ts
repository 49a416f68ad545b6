// Program databases: those that lld wrote for the fixtures, built ones for what lld does not write, and damaged ones.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/errors.ts';
import { readProgramDatabase } from '../../src/pdb/program-database.ts';
import { readImage } from '../../src/pe/image.ts';
import { cpuTime } from '../cpu-time.ts';
import { AGE, buildMsf, buildPdb, GUID, procedure, publicSymbol } from './build-pdb.ts';

const fixture = (build: string, name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/symbols/bin/${build}/${name}`, import.meta.url)));
const TEXT = { rva: 0x1000, size: 0x1000, code: true };
const RDATA = { rva: 0x2000, size: 0x1000, code: false };
const both = (bytes: Uint8Array, rva: number) => {
  const { procedures, publics } = readProgramDatabase(bytes, 'made.pdb').readFunctions().namesAt(rva);
  return [procedures, publics];
};

describe('a program database of lld', () => {
  it.each(['x64', 'x64-private', 'x86', 'x86-private'])('for %s belongs to its image', (build) => {
    const debug = readImage(fixture(build, 'harbour.exe')).debug;
    const pdb = readProgramDatabase(fixture(build, 'harbour.pdb'), 'harbour.pdb');
    expect({ pdb: 'harbour.pdb', guid: pdb.guid, age: pdb.age }).toEqual(debug);
    const image = readImage(fixture(build, 'harbour.exe'));
    const functions = pdb.readFunctions();
    expect(pdb.notes).toEqual([]);
    expect(functions.namesAt(image.entryPoint).publics).toEqual([build.startsWith('x86') ? '_start' : 'start']);
    const starts = [...new Set(functions.starts)];
    expect(starts.every((rva) => image.isCode(rva))).toBe(true);
    expect([functions.count, starts.length]).toEqual(build.endsWith('-private') ? [25, 25] : [21, 21]);
  });

  it('has publics as the linker knows them, and procedures as the compiler does', () => {
    const at = 0x1000 + 96;
    const decorated = '?StartPilotProcess@CPilotPlugIn@Harbour@@QEAA_NPEB_W@Z';
    expect(both(fixture('x64', 'harbour.pdb'), at)).toEqual([[], [decorated]]);
    const name = 'Harbour::CPilotPlugIn::StartPilotProcess';
    expect(both(fixture('x64-private', 'harbour.pdb'), at)).toEqual([[name], [decorated]]);
    const hidden = both(fixture('x64-private', 'harbour.pdb'), 0x1000 + 240);
    expect(hidden).toEqual([["Harbour::`anonymous namespace'::hiddenDepth"], []]);
  });
});

describe('symbols', () => {
  it('of an address are all told, once each, without data and without what is in no section', () => {
    const publics = [
      ...publicSymbol('one', 1, 0x10),
      ...publicSymbol('two', 1, 0x10),
      ...publicSymbol('one', 1, 0x10),
      ...publicSymbol('table', 2, 0x10),
      ...publicSymbol('beyond', 1, 0x1000),
      ...publicSymbol('nowhere', 9, 0x10),
      ...publicSymbol('label', 1, 0x20, 0),
    ];
    const functions = readProgramDatabase(buildPdb({ sections: [TEXT, RDATA], publics }), 'made.pdb').readFunctions();
    expect(functions.namesAt(0x1010)).toEqual({ procedures: [], publics: ['one', 'two'] });
    expect(functions.namesAt(0x2010)).toEqual({ procedures: [], publics: [] });
    expect(functions.namesAt(0x1020).publics).toEqual(['label']);
    expect([functions.count, ...new Set(functions.starts)]).toEqual([2, 0x1010]);
  });

  it('of modules are read, with what is local to them passed over or not', () => {
    const inner = publicSymbol('filler', 1, 0);
    const first = procedure('First', 1, 0x30, 4 + procedure('First', 1, 0x30).length + inner.length);
    const module = [...first, ...inner, 2, 0, 6, 0, ...procedure('Second', 1, 0x40, 1), ...procedure('Third', 1, 0x50)];
    const bytes = buildPdb({ sections: [TEXT], module });
    expect([0x1030, 0x1040, 0x1050].map((rva) => both(bytes, rva)[0])).toEqual([['First'], ['Second'], ['Third']]);
  });

  it('are where OMAP moved them', () => {
    const publics = [
      ...publicSymbol('before', 1, 0x8),
      ...publicSymbol('first', 1, 0x14),
      ...publicSymbol('second', 1, 0x24),
      ...publicSymbol('gone', 1, 0x30),
    ];
    const bytes = buildPdb({
      sections: [RDATA, TEXT],
      original: [{ rva: 0x4000, size: 0x1000, code: true }],
      omap: [
        [0x4010, 0x1800],
        [0x4020, 0x1400],
        [0x4030, 0],
      ],
      publics,
    });
    expect(both(bytes, 0x1804)[1]).toEqual(['first']);
    expect(both(bytes, 0x1404)[1]).toEqual(['second']);
    expect(readProgramDatabase(bytes, 'made.pdb').readFunctions().count).toBe(2);
  });

  it('are identified by the age of the DBI stream, or that of the info stream where it has none', () => {
    const age = (dbiAge: number) => readProgramDatabase(buildPdb({ sections: [TEXT], dbiAge }), 'made.pdb').age;
    expect(readProgramDatabase(buildPdb({ sections: [TEXT] }), 'made.pdb').guid).toBe(GUID);
    expect([age(AGE), age(0)]).toEqual([AGE, AGE + 1]);
  });
});

describe('what is no such file', () => {
  it.each([
    ['an empty one', new Uint8Array(0), 'made.pdb: no program database (MSF 7.0)'],
    ['an image', fixture('x64', 'harbour.exe'), 'made.pdb: no program database (MSF 7.0)'],
    ['a portable PDB', new Uint8Array(Buffer.from('BSJB....')), /portable PDB/],
    ['a cabinet', new Uint8Array(Buffer.from('MSCF....')), /compressed file of a symbol store/],
    [
      'the older format',
      new Uint8Array(Buffer.from('Microsoft C/C++ program database 2.00\r\n\x1aJG\0\0')),
      /before 2003/,
    ],
    ['an MSF file without streams', buildMsf([]), 'made.pdb: the PDB info stream is said to be stream 1 of 0'],
    ['one of other streams', buildMsf([[], [1, 2, 3], [], []]), /a PDB info stream of 3 bytes, without a GUID/],
  ])('%s is refused with its name', (_, bytes, message) => {
    expect(() => readProgramDatabase(bytes, 'made.pdb')).toThrow(FormatError);
    expect(() => readProgramDatabase(bytes, 'made.pdb')).toThrow(message);
  });

  it('or has no section headers gives no functions', () => {
    const pdb = readProgramDatabase(buildPdb({ sections: [] }), 'made.pdb');
    expect(pdb.readFunctions().count).toBe(0);
  });
});

/** Milliseconds for one damaged file of less than 100 kB: a sound one takes one or two. */
const LIMIT = 500;

/** Reads everything; answers whether there were doubts. */
function readAll(bytes: Uint8Array): 'refused' | 'noted' | 'sound' {
  const started = cpuTime();
  try {
    const pdb = readProgramDatabase(bytes, 'made.pdb');
    const functions = pdb.readFunctions();
    for (const rva of functions.starts) functions.namesAt(rva);
    for (const { text } of pdb.notes) expect(text).not.toMatch(/[\r\n]/);
    return pdb.notes.length > 0 ? 'noted' : 'sound';
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    expect(error.message).toMatch(/^made\.pdb: .+$/);
    return 'refused';
  } finally {
    expect(cpuTime() - started).toBeLessThan(LIMIT);
  }
}

describe('a damaged one', () => {
  const sound = fixture('x86-private', 'harbour.pdb');

  it('that is cut off is refused or noted at every length', () => {
    expect(readAll(sound)).toBe('sound');
    const outcomes = new Map<string, number>();
    for (let size = 0; size < sound.length; size += size < 0x200 ? 1 : 61) {
      const outcome = readAll(sound.subarray(0, size));
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect(outcomes.get('refused')).toBeGreaterThan(0);
    const built = buildPdb({ sections: [TEXT], publics: publicSymbol('one', 1, 0), module: procedure('two', 1, 16) });
    // Behind the last block's numbers there is nothing.
    for (let size = 0; size < built.length - 508; size++) expect(readAll(built.subarray(0, size))).not.toBe('sound');
  });

  it('in any of its bytes ends', () => {
    const damage = fc.array(
      fc.record({
        place: fc.noBias(fc.integer({ min: 0, max: sound.length - 1 })),
        value: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(0xff)),
        run: fc.integer({ min: 1, max: 8 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = sound.slice();
        for (const { place, value, run } of changes) bytes.fill(value, place, place + run);
        readAll(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it('in the words of its headers and directory ends', () => {
    const built = buildPdb({
      sections: [TEXT],
      original: [TEXT],
      omap: [[0x1000, 0x1000]],
      publics: publicSymbol('one', 1, 0),
      module: procedure('two', 1, 16),
    });
    let refused = 0;
    for (let at = 0; at + 4 <= built.length; at += 2) {
      for (const value of [0, 1, 0xffff, 0x7fffffff, 0xffffffff]) {
        const bytes = built.slice();
        new DataView(bytes.buffer).setUint32(at, value, true);
        if (readAll(bytes) === 'refused') refused++;
      }
    }
    expect(refused).toBeGreaterThan(0);
  });

  it('whose modules all have the same symbols is read up to twice its size', () => {
    const module = Array.from({ length: 200 }, (_, i) => procedure(`one${i}`, 1, i)).flat();
    const pdb = readProgramDatabase(buildPdb({ sections: [TEXT], module, modules: 500 }), 'made.pdb');
    expect(pdb.readFunctions().namesAt(0x1007).procedures).toEqual(['one7']);
    expect(pdb.notes[0].text).toMatch(/larger than twice the file/);
    expect(pdb.notes.length).toBe(21);
  });
});
