// Damaged images: whatever the bytes are, every getter answers in time or the whole file is refused by a WinnowError.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WinnowError } from '../../src/errors.ts';
import { readApiSet } from '../../src/pe/api-set.ts';
import { type PeImage, readImage } from '../../src/pe/image.ts';
import { cpuTime } from '../cpu-time.ts';

const file = (path: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../node_modules/node-pty/prebuilds/${path}`, import.meta.url)));
const SAMPLES = {
  'winpty.dll (x64)': file('win32-x64/winpty.dll'),
  'conpty.node (x64, delay imports)': file('win32-x64/conpty.node'),
  'conpty.node (ARM64)': file('win32-arm64/conpty.node'),
};
/** Far above what a sound file needs (a few ms), far below what a loop would take. */
const TIME_LIMIT = 1500;
const RUNS = 150;

const GETTERS = [
  'imports',
  'delayImports',
  'importedModules',
  'exports',
  'functions',
  'relocations',
  'resources',
  'versionInfo',
  'stringTable',
  'loadConfig',
  'debug',
  'clr',
  'tlsCallbacks',
] as const satisfies readonly (keyof PeImage)[];

/** Asks for everything; answers whether the bytes were taken for an image. */
function askEverything(bytes: Uint8Array): boolean {
  const started = cpuTime();
  let image: PeImage;
  try {
    image = readImage(bytes, 'sample');
  } catch (error) {
    expect(error).toBeInstanceOf(WinnowError);
    expect((error as Error).message).not.toContain('\n');
    return false;
  }
  for (const getter of GETTERS) void image[getter];
  readApiSet(image);
  expect(cpuTime() - started).toBeLessThan(TIME_LIMIT);
  // What is answered is in proportion to the file.
  const { imports, delayImports, functions, relocations, stringTable, notes } = image;
  for (const { length } of [imports, delayImports, relocations, stringTable, functions.begin]) {
    expect(length).toBeLessThanOrEqual(bytes.length);
  }
  expect(notes.length).toBeLessThanOrEqual(120);
  return true;
}

/** Where the parts of the headers are, so that damage hits what matters. */
function interesting(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer);
  const pe = view.getUint32(0x3c, true);
  const places = Array.from({ length: 0x200 }, (_, i) => pe + i);
  const image = readImage(bytes);
  for (const { rva, size } of image.directories) {
    const offset = rva > 0 ? image.offsetOf(rva) : -1;
    if (offset >= 0) for (let i = 0; i < Math.min(size, 200); i++) places.push(offset + i);
  }
  return places;
}

const number = fc.oneof(
  fc.constantFrom(0, 1, 4, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe, 0x1000, 0xfffff000),
  fc.integer({ min: 0, max: 0x60000 }),
  fc.integer({ min: 0, max: 0xffffffff }),
);

describe.each(Object.entries(SAMPLES))('%s', (_, sample) => {
  it('is sound as it is', () => {
    expect(askEverything(sample)).toBe(true);
    expect(readImage(sample).imports.length).toBeGreaterThan(20);
  });

  it('survives being cut off anywhere', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(0x600), fc.nat(sample.length)), (length) => {
        askEverything(sample.slice(0, length));
      }),
      { numRuns: RUNS },
    );
  });

  it('survives lying numbers in headers and directories', () => {
    const places = interesting(sample);
    let taken = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...places), number, fc.constantFrom(1, 2, 4)), {
          minLength: 1,
          maxLength: 12,
        }),
        (lies) => {
          const bytes = sample.slice();
          const view = new DataView(bytes.buffer);
          for (const [at, value, width] of lies) {
            if (at + 4 > bytes.length) continue;
            if (width === 1) view.setUint8(at, value & 0xff);
            else if (width === 2) view.setUint16(at, value & 0xffff, true);
            else view.setUint32(at, value, true);
          }
          if (askEverything(bytes)) taken++;
        },
      ),
      { numRuns: RUNS },
    );
    expect(taken).toBeGreaterThan(0);
  });

  it('survives directories that point at one another', () => {
    const image = readImage(sample);
    const pe = new DataView(sample.buffer).getUint32(0x3c, true);
    const rvas = [...image.directories.map(({ rva }) => rva), ...image.sections.map((s) => s.virtualAddress), 1, 0x40];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(15), fc.constantFrom(...rvas), number), { minLength: 1, maxLength: 16 }),
        (moved) => {
          const bytes = sample.slice();
          const view = new DataView(bytes.buffer);
          for (const [index, rva, size] of moved) {
            view.setUint32(pe + 24 + 112 + index * 8, rva, true);
            view.setUint32(pe + 24 + 116 + index * 8, size, true);
          }
          askEverything(bytes);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

it('survives any bytes behind a PE header', () => {
  const start = SAMPLES['winpty.dll (x64)'].slice(0, 0x400);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 4000 }), (rest) => {
      const bytes = new Uint8Array(start.length + rest.length);
      bytes.set(start);
      bytes.set(rest, start.length);
      askEverything(bytes);
    }),
    { numRuns: RUNS },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => void askEverything(bytes)),
    { numRuns: RUNS },
  );
});
