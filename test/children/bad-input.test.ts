// Damaged programs, the whole way: whatever the bytes are, there is an answer or a WinnowError of one line, in time and in bounded memory.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChildrenDocument } from '../../src/children/document.ts';
import { type FindOptions, findChildren, type ModuleFile } from '../../src/children/find-children.ts';
import { InputError, WinnowError } from '../../src/errors.ts';
import { cpuTime } from '../cpu-time.ts';
import { buildPe, CODE, Content, DATA } from '../pe/build-pe.ts';

const bin = (folder: string, name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/children/bin/${folder}/${name}`, import.meta.url)));
const fixturesOf = (folder: string): string[] =>
  readdirSync(new URL(`../../fixtures/children/bin/${folder}/`, import.meta.url)).filter((name) =>
    name.endsWith('.exe'),
  );
const FOLDERS = ['clang-x64', 'mingw-x64', 'clang-x86', 'mingw-x86'];

const prebuilds = new URL('../../node_modules/node-pty/prebuilds/win32-x64/', import.meta.url);
const present = existsSync(prebuilds);
if (!present) console.log('skipped: damaged copies of OpenConsole.exe and winpty.dll, node-pty is absent');

/** Milliseconds that one analysis may take: a sound file of this size needs less than a tenth. */
const SMALL_LIMIT = 2000;
const LARGE_LIMIT = 15_000;
/** Bytes by which the process may have grown after everything in this file. */
const MEMORY_LIMIT = 1.5e9;
/** Each address in a document, and each hint at a place, is of this form. */
const ADDRESS = /^0x[0-9a-f]+$/;

const RULE = { languages: ['eql', 'elastic', 'sigma', 'defender', 'sentinel', 'splunk'] } as const;

interface Outcome {
  readonly document?: ChildrenDocument;
  readonly error?: WinnowError;
}

/** Analyses the bytes and holds the outcome against what every outcome must be. */
function analyse(bytes: Uint8Array, limit = SMALL_LIMIT, options: FindOptions = {}): Outcome {
  const started = cpuTime();
  let document: ChildrenDocument;
  try {
    document = findChildren({ name: 'damaged.exe', bytes }, { rule: RULE, ...options });
  } catch (error) {
    if (!(error instanceof WinnowError)) throw error;
    expect(error.message).not.toMatch(/[\r\n]/);
    return { error };
  }
  expect(cpuTime() - started).toBeLessThan(limit);
  const text = JSON.stringify(document);
  expect(JSON.parse(text)).toEqual(document);
  expect(text.length).toBeLessThan(1e6 + 200 * bytes.length);
  expect(document.parent.image).toBe('damaged.exe');
  for (const site of document.sites)
    for (const at of [site.site, site.function, ...site.callers]) expect(at).toMatch(ADDRESS);
  for (const child of document.children) expect(child.evidence.length).toBeGreaterThan(0);
  return { document };
}

/** A copy with `value` of `size` bytes, little-endian, at `at`. */
function patched(bytes: Uint8Array, at: number, value: number, size: 1 | 2 | 4): Uint8Array {
  const copy = bytes.slice();
  for (let i = 0; i < size && at + i < copy.length; i++) copy[at + i] = Math.floor(value / 256 ** i) & 0xff;
  return copy;
}

describe('a file that ends too early', () => {
  it.each(FOLDERS)('of %s is answered at every size', (folder) => {
    for (const name of ['create-process-w.exe', 'structure-callee.exe', 'string-table.exe'].filter((one) =>
      fixturesOf(folder).includes(one),
    )) {
      const bytes = bin(folder, name);
      let answered = 0;
      for (let size = 0; size < bytes.length; size += size < 0x420 ? 1 : 37) {
        if (analyse(bytes.subarray(0, size)).document) answered++;
      }
      expect(answered).toBeGreaterThan(0);
    }
  });

  it.skipIf(!present)('of OpenConsole.exe is answered from the headers on', () => {
    const bytes = new Uint8Array(readFileSync(new URL('conpty/OpenConsole.exe', prebuilds)));
    for (const share of [0.0005, 0.003, 0.1, 0.4, 0.6, 0.75, 0.9, 0.99]) {
      analyse(bytes.subarray(0, Math.floor(bytes.length * share)), LARGE_LIMIT);
    }
    expect(analyse(bytes.subarray(0, 0x100)).error?.message).toMatch(/^damaged\.exe: /);
  });
});

describe('headers that lie', () => {
  it.each(FOLDERS)('in %s: every word and double word of them', (folder) => {
    const bytes = bin(folder, 'create-process-w.exe');
    let refused = 0;
    for (let at = 0; at < 0x400; at += 2) {
      for (const value of [0, 1, 0xffff]) if (analyse(patched(bytes, at, value, 2)).error) refused++;
    }
    for (let at = 0; at < 0x400; at += 4) {
      for (const value of [0xffffffff, 0x7fffffff, 0xfffff000, bytes.length - 1]) {
        if (analyse(patched(bytes, at, value, 4)).error) refused++;
      }
    }
    expect(refused).toBeGreaterThan(0);
  });
});

/** Places to change and what to write there; with `block`, a run of bytes copied from elsewhere in the file. */
const damages = fc.array(
  fc.record({
    // Evenly over the file: what is near its first bytes is refused at once.
    place: fc.noBias(fc.integer({ min: 0, max: 999_999 })).map((share) => share / 1e6),
    from: fc.noBias(fc.integer({ min: 0, max: 999_999 })).map((share) => share / 1e6),
    value: fc.oneof(fc.constantFrom(0, 1, 0xff, 0x7fffffff, 0x80000000, 0xffffffff), fc.nat(0xffffffff)),
    kind: fc.constantFrom('byte', 'word', 'double word', 'block', 'header'),
  }),
  { minLength: 1, maxLength: 12 },
);
type Damage = typeof damages extends fc.Arbitrary<infer T> ? T : never;

function damaged(bytes: Uint8Array, changes: Damage): Uint8Array {
  let copy: Uint8Array = bytes.slice();
  for (const { place, from, value, kind } of changes) {
    const at = Math.floor(place * (kind === 'header' ? Math.min(0x400, copy.length) : copy.length));
    if (kind === 'block')
      copy.copyWithin(at, Math.floor(from * copy.length), Math.floor(from * copy.length) + (value % 512));
    else copy = patched(copy, at, value, kind === 'byte' ? 1 : kind === 'word' ? 2 : 4);
  }
  return copy;
}

describe('damage anywhere', () => {
  const samples = FOLDERS.flatMap((folder) => fixturesOf(folder).map((name) => [folder, name] as const));

  it('in any fixture ends in an answer or in a refusal', () => {
    const outcomes = { answered: 0, refused: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...samples), damages, ([folder, name], changes) => {
        const { document } = analyse(damaged(bin(folder, name), changes));
        if (document) outcomes.answered++;
        else outcomes.refused++;
      }),
      { numRuns: 1500, seed: 4, endOnFailure: true },
    );
    console.log(`damaged fixtures: ${outcomes.answered} answered, ${outcomes.refused} refused`);
    expect(outcomes.answered).toBeGreaterThan(500);
  });

  it.skipIf(!present).each(['conpty/OpenConsole.exe', 'winpty.dll'])(
    'in %s ends in an answer or in a refusal',
    (name) => {
      const bytes = new Uint8Array(readFileSync(new URL(name, prebuilds)));
      fc.assert(
        fc.property(damages, (changes) => {
          analyse(damaged(bytes, changes), LARGE_LIMIT);
        }),
        { numRuns: 12, seed: 5, endOnFailure: true },
      );
    },
  );

  it('in the code alone, as any bytes may be instructions', () => {
    const bytes = bin('clang-x64', 'create-process-w.exe');
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 512 }), fc.nat(255), (code, shift) => {
        const copy = bytes.slice();
        copy.set(code.subarray(0, Math.max(0, Math.min(code.length, copy.length - 0x400 - shift))), 0x400 + shift);
        analyse(copy);
      }),
      { numRuns: 1500, seed: 6, endOnFailure: true },
    );
  });
});

describe('sound headers around what no compiler makes', () => {
  const SLOT = 0x40140;
  /** Imports CreateProcessW; `code` is one function at RVA 0x1000, `data` stands at RVA 0x60000. */
  const program = (code: Content, data = new Content(0x60000, 16)): Uint8Array => {
    const imports = new Content(0x40000, 0x400)
      .u32(0x40000, 0x40100, 0, 0, 0x40200, SLOT)
      .u64(0x40100, 0x40220, 0)
      .u64(SLOT, 0x40220, 0)
      .ascii(0x40200, 'KERNEL32.dll')
      .ascii(0x40222, 'CreateProcessW');
    const table = new Content(0x50000, 24).u32(0x50000, 0x1000, 0x1000 + code.bytes.length, 0x50010).u8(0x50010, 1);
    return buildPe({
      sizeOfImage: 0x1000000,
      directories: { 1: [0x40000, 40], 3: [0x50000, 12] },
      sections: [
        { name: '.text', content: code, characteristics: CODE },
        { name: '.idata', content: imports, characteristics: DATA },
        { name: '.pdata', content: table, characteristics: DATA },
        { name: '.data', content: data, characteristics: DATA },
      ],
    });
  };

  it('a function of thousands of call sites: each is told, and the rule stays one that can be read', () => {
    const code = new Content(0x1000, 0x30000);
    for (let at = 0x1000; at + 6 <= 0x31000; at += 6) code.u8(at, 0xff, 0x15).u32(at + 2, (SLOT - at - 6) >>> 0);
    const { document } = analyse(program(code), LARGE_LIMIT);
    expect(document?.sites.length).toBe(0x30000 / 6);
    for (const { text } of document!.rule) expect(text.length).toBeLessThan(100_000);
    expect(document!.rule[0].text).toMatch(/and \d+ more, which the report lists/);
  });

  it('a function of jumps in all directions', () => {
    const code = new Content(0x1000, 0x20000);
    let state = 1;
    for (let at = 0x1000; at + 13 <= 0x20000; at += 13) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const to = 0x1000 + 13 * (state % 9000);
      code
        .u8(at, 0x48, 0xff, 0xc0 + (state >>> 29), 0x48, 0x89, 0xc1 + ((state >>> 27) & 7), 0x90, 0x0f, 0x84)
        .u32(at + 9, (to - at - 13) >>> 0);
    }
    analyse(program(code), LARGE_LIMIT);
  });

  it('names without end', () => {
    for (const text of ['abc.exe\0', '.exe', 'a.exe', 'http://']) {
      const data = new Content(0x60000, 0x20000);
      const count = Math.floor(0x20000 / text.length) - 1;
      for (let i = 0; i < count; i++)
        data
          .ascii(0x60000 + i * text.length, text.slice(0, -1))
          .u8(0x60000 + (i + 1) * text.length - 1, text.charCodeAt(text.length - 1));
      analyse(program(new Content(0x1000, 16).u8(0x1000, 0xc3), data), LARGE_LIMIT);
    }
  });
});

describe('modules that are not what they should be', () => {
  const image = bin('mingw-x64', 'create-process-w.exe');
  const include = ['one.dll', 'two.dll'];
  const modules = (loadModule: (name: string) => ModuleFile | undefined) =>
    analyse(image, SMALL_LIMIT, { include, loadModule }).document;

  it('the image itself, and one that imports another in a circle, end', () => {
    const asked: string[] = [];
    const document = modules((name) => {
      asked.push(name);
      return { name, bytes: image };
    });
    expect(document?.modules.filter(({ found }) => found).length).toBeGreaterThanOrEqual(3);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('bytes that are no image, and files that cannot be read, are notes', () => {
    const document = modules((name) => {
      if (name === 'one.dll') return { name, bytes: new TextEncoder().encode('not a program') };
      throw new InputError(`cannot read ${name}: no rights`);
    });
    expect(document?.notes.map(({ text }) => text).join('\n')).toMatch(/one\.dll|not a PE/i);
    expect(document?.notes.map(({ text }) => text)).toContain('cannot read two.dll: no rights');
    expect(document?.modules.filter(({ skipped }) => skipped !== undefined).map(({ name }) => name)).toEqual(include);
  });

  it('any damage to a module is told, and the image is still answered', () => {
    const sound = analyse(image).document!.children;
    fc.assert(
      fc.property(damages, (changes) => {
        const bytes = damaged(image, changes);
        const document = modules((name) => ({ name, bytes }));
        expect(document?.children.map((child) => child.image)).toEqual(
          expect.arrayContaining(sound.map((child) => child.image)),
        );
      }),
      { numRuns: 150, seed: 7, endOnFailure: true },
    );
  });
});

it('all of this stays within bounded memory', () => {
  const { rss } = process.memoryUsage();
  console.log(`after all damaged files: ${Math.round(rss / 1e6)} MB`);
  expect(rss).toBeLessThan(MEMORY_LIMIT);
});
