// Hives and exports that lie, changed at random, through the whole way: opened, asked by path and by pattern, answered for a program, told.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hiveOf } from '../../fixtures/hives/key-tree.ts';
import { randomNumbers } from '../../fixtures/logs/random-numbers.ts';
import { findChildren } from '../../src/children/find-children.ts';
import { PlaceAnswers } from '../../src/children/registry-answers/place-answers.ts';
import { watchedValues } from '../../src/children/watched/watched-values.ts';
import { childrenText } from '../../src/cli/children-text.ts';
import { PLAIN_STYLE } from '../../src/cli/print.ts';
import { openRegistry, type RegistryFile } from '../../src/registry/open-registry.ts';
import { mutate, recordsOf } from '../hive/mutate.ts';

/** Files that are changed; more with WINNOW_FUZZ=20000. */
const FILES = Number(process.env.WINNOW_FUZZ ?? 400);
/** Milliseconds of the processor for one file. */
const SLOW = 2000;

const program = new URL('../../fixtures/children/bin/clang-x86/registry-value.exe', import.meta.url);
const bytes = readFileSync(program);
const HIVE = hiveOf({
  'Microsoft\\Windows NT\\CurrentVersion\\AeDebug': { Debugger: 'dbg.exe -p %ld', Auto: '1' },
  'Harbour\\Pilot': { Launcher: '"C:\\Harbour\\pilot.exe" -go', Other: ['a.exe', 'b.exe'], Number: 7 },
  'WOW6432Node\\Harbour\\Pilot': { Launcher: '%SystemRoot%\\x.exe' },
  'Classes\\.x': { '': 'xfile' },
});
const RECORDS = recordsOf(HIVE);
const EXPORT = `Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\\SOFTWARE\\Harbour\\Pilot]
@="x"
"Launcher"="\\"C:\\\\Harbour\\\\pilot.exe\\" -go"
"Many"=hex(7):61,00,\\
  00,00,00,00
[-HKEY_CURRENT_USER\\Software\\Harbour]
[HKEY_USERS\\S-1-5-21-1\\Software\\Harbour]
"n"=dword:00000007
"gone"=-
`;
const PLACES = [
  { key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Harbour\\Pilot', value: 'Launcher' },
  { key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\*\\Pilot', value: '*' },
  { key: 'HKEY_LOCAL_MACHINE\\**', value: 'Debugger' },
  { key: '*\\**', value: 'Launcher' },
  { key: '**', value: '*' },
  { key: '', value: '' },
];

/** What is wrong with what becomes of the files; nothing if all is well. */
function fault(files: readonly RegistryFile[], whole: boolean): string | undefined {
  const start = process.cpuUsage().user;
  const opened = openRegistry(files);
  const answers = new PlaceAnswers(opened.view, true);
  for (const place of PLACES) if (answers.of(place).length > 100) return `too many answers for ${place.key}`;
  if (opened.notes.length > 500) return `${opened.notes.length} notes`;
  if (whole) {
    const document = findChildren(
      { name: 'registry-value.exe', bytes },
      { registry: opened.view, rule: { languages: ['sigma'] } },
    );
    const told = { ...document, watched: watchedValues(document, undefined, opened.view) };
    const text = childrenText(told, { style: PLAIN_STYLE, sites: true, strings: true, defaultLanguage: true });
    if (/[^\P{Cc}\n\t]/u.test(text)) return 'a control character comes to the terminal';
  }
  const took = (process.cpuUsage().user - start) / 1000;
  return took > SLOW ? `took ${took} ms of the processor` : undefined;
}

/** Places of the text are changed, cut, doubled and exchanged. */
function changedExport(random: () => number): Uint8Array {
  let text = EXPORT;
  const any = (below: number): number => Math.floor(random() * below);
  for (let left = 1 + any(8); left > 0; left--) {
    const at = any(text.length);
    const kind = random();
    if (kind < 0.4) text = text.slice(0, at) + '"\\[]=@-:,;\n\u0000\u001b\ud800%*'[any(16)] + text.slice(at + any(3));
    else if (kind < 0.6) text = text.slice(0, at) + text.slice(at + any(30));
    else if (kind < 0.8) text = text.slice(0, at) + text.slice(any(text.length), any(text.length)) + text.slice(at);
    else text = text.slice(0, at) + String.fromCharCode(any(0xffff)).repeat(any(300)) + text.slice(at);
  }
  if (random() < 0.5) return new TextEncoder().encode(text);
  return Uint8Array.from(`\ufeff${text}`.split('').flatMap((c) => [c.charCodeAt(0) & 0xff, c.charCodeAt(0) >> 8]));
}

describe('changed registry files', () => {
  it(
    `are answered or refused, in time, with nothing that a terminal obeys (${FILES})`,
    () => {
      let read = 0;
      for (let i = 0; i < FILES; i++) {
        const random = randomNumbers(i);
        const file =
          i % 2 === 0
            ? { name: 'hive', bytes: mutate(HIVE, RECORDS, random) }
            : { name: 'x.reg', bytes: changedExport(random) };
        if (openRegistry([file]).failures.length === 0) read++;
        const wrong = fault([file], i % 4 < 2);
        if (wrong !== undefined) expect.fail(`file ${i}: ${wrong}`);
      }
      expect(read).toBeGreaterThan(FILES / 2);
    },
    FILES * 100 + 60_000,
  );
});
