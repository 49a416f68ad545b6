// Shortcuts that lie: changed at random, most of all where lengths stand, and never more than an error or a note comes of it.
import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../../fixtures/logs/random-numbers.ts';
import { FormatError } from '../../src/errors.ts';
import { readShortcut } from '../../src/shortcuts/shortcut.ts';
import { CONSOLE, SMALL_LINKS } from './small-links.ts';

/** Files that are changed; more with WINNOW_FUZZ, other ones with another WINNOW_FUZZ_FROM. */
const FILES = Number(process.env.WINNOW_FUZZ ?? 4000);
const FROM = Number(process.env.WINNOW_FUZZ_FROM ?? 0);
/** Milliseconds of the processor for one file. */
const SLOW = 1000;
/** Characters that are told for each byte of the file. */
const MOST_TIMES = 16;

const utf8 = (text: string) => new TextEncoder().encode(text);
const WHOLE: readonly Uint8Array[] = [
  ...Object.values(SMALL_LINKS),
  utf8(
    '[InternetShortcut]\r\nURL=file://quay/tools/a%20b.exe\r\nWorkingDirectory=C:\\\r\n[InternetShortcut.W]\r\nURL=https://a.example/+AOQ-\r\n',
  ),
  utf8(CONSOLE),
];
const BAD = [
  0, 1, 2, 3, 4, 7, 8, 0x14, 0x4c, 0x7f, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0,
  0xffff_ffff,
];

function changed(number: number): Uint8Array {
  const random = randomNumbers(number);
  const any = (below: number): number => Math.floor(random() * below);
  const bytes = WHOLE[number % WHOLE.length].slice();
  const view = new DataView(bytes.buffer);
  for (let left = 1 + any(5); left > 0; left--) {
    const at = (random() < 0.1 ? 0 : 20) + any(bytes.length - 24);
    const kind = random();
    if (kind < 0.3) bytes[at] = any(256);
    else if (kind < 0.5) view.setUint32(at, BAD[any(BAD.length)], true);
    else if (kind < 0.7) view.setUint16(at, BAD[any(BAD.length)], true);
    else if (kind < 0.8) view.setUint16(at, any(bytes.length), true);
    else if (kind < 0.9) bytes.copyWithin(at, any(bytes.length), any(bytes.length));
    else bytes.fill(any(256), at, at + any(300));
  }
  return random() < 0.15 ? bytes.subarray(0, any(bytes.length)) : bytes;
}

describe('changed shortcuts', () => {
  it(
    `are read or refused, in time, and tell no more than they hold (${FILES})`,
    () => {
      let read = 0;
      for (let number = FROM; number < FROM + FILES; number++) {
        const bytes = changed(number);
        const start = process.cpuUsage().user;
        try {
          const shortcut = readShortcut(bytes, 'a.lnk');
          if (shortcut !== undefined) read++;
          const told = JSON.stringify(shortcut ?? '').length;
          if (told > 20_000 + bytes.length * MOST_TIMES)
            expect.fail(`file ${number}: ${told} characters of ${bytes.length} bytes`);
        } catch (error) {
          if (!(error instanceof FormatError)) expect.fail(`file ${number}: ${(error as Error).stack}`);
        }
        const took = (process.cpuUsage().user - start) / 1000;
        if (took > SLOW) expect.fail(`file ${number}: took ${took} ms of the processor`);
      }
      // What is refused at the door shows nothing of the reader.
      expect(read).toBeGreaterThan(FILES / 2);
    },
    FILES * 10 + 60_000,
  );
});
