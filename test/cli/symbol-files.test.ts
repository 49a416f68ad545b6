// --symbols: where a program database is found in folders, and the whole command with it.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { storeKey } from '../../src/children/module-symbols.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import { symbolFiles } from '../../src/cli/symbol-files.ts';
import { keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-symbols-'));
afterAll(() => rmSync(folder, { recursive: true }));
const GUID = '00112233-4455-6677-8899-aabbccddeeff';
const KEY = '00112233445566778899AABBCCDDEEFF1A';

/** Writes a file of one byte, and gives its path. */
function file(byte: number, ...path: string[]): string {
  const whole = join(folder, ...path);
  mkdirSync(join(whole, '..'), { recursive: true });
  writeFileSync(whole, new Uint8Array([byte]));
  return whole;
}
const byteOf = (paths: string[], name = 'wer.pdb'): number | undefined =>
  symbolFiles(paths.map((path) => join(folder, path))).load(name, GUID, 0x1a)?.[0];

describe('a program database', () => {
  it('is found flat, in any letter case', () => {
    file(1, 'flat', 'WER.PDB');
    expect(byteOf(['flat'])).toBe(1);
    expect(byteOf(['flat'], 'other.pdb')).toBeUndefined();
  });

  it('is found in a symbol store by GUID and age, in any letter case, before one that stands flat', () => {
    expect(storeKey(GUID, 0x1a)).toBe(KEY);
    file(2, 'store', 'wer.pdb', KEY, 'wer.pdb');
    file(3, 'lower', 'Wer.pdb', KEY.toLowerCase(), 'WER.pdb');
    file(9, 'other', 'wer.pdb', `${KEY}0`, 'wer.pdb');
    expect([byteOf(['store']), byteOf(['lower']), byteOf(['other'])]).toEqual([2, 3, undefined]);
    expect([byteOf(['flat', 'other', 'store']), byteOf(['other', 'flat'])]).toEqual([2, 1]);
  });

  it('is a single file of its name', () => {
    file(4, 'single', 'wer.pdb');
    const symbols = symbolFiles([join(folder, 'single', 'wer.pdb')]);
    expect(symbols.load('Wer.pdb', GUID, 1)?.[0]).toBe(4);
    expect(symbols.failures()).toEqual([]);
  });

  it('that nothing names, or that is not there, is told', () => {
    const unused = symbolFiles([file(4, 'single', 'wer.pdb'), join(folder, 'gone')]);
    expect(unused.load('faultrep.pdb', GUID, 1)).toBeUndefined();
    expect(unused.failures().map(({ message }) => message)).toEqual([
      `--symbols ${join(folder, 'single', 'wer.pdb')} was not used: the program databases that the read files name are faultrep.pdb`,
      `cannot read ${join(folder, 'gone')}: it does not exist; check the path`,
    ]);
  });

  it('that is empty is told once', () => {
    mkdirSync(join(folder, 'empty'));
    writeFileSync(join(folder, 'empty', 'wer.pdb'), '');
    const symbols = symbolFiles([join(folder, 'empty')]);
    expect(() => symbols.load('wer.pdb', GUID, 1)).toThrow('wer.pdb could not be read');
    expect(() => symbols.load('wer.pdb', GUID, 1)).toThrow('wer.pdb could not be read');
    expect(symbols.failures().map(({ message }) => message)).toEqual([expect.stringContaining('is empty (0 bytes)')]);
  });

  it.each(['..', '.', '', '../x', 'c:\\x', '\0', '*'])('of the name %j leads out of no folder', (name) => {
    expect(byteOf(['flat', 'store'], name)).toBeUndefined();
  });
});

describe('winnow children --symbols', () => {
  const fixtures = fileURLToPath(new URL('../../fixtures/symbols/bin/', import.meta.url));
  const program = join(fixtures, 'x64', 'harbour.exe');
  const act = async (...words: string[]): Promise<{ code: number; out: string; err: string }> => {
    const face = keptFace();
    const code = await dispatch(['children', program, ...words], face, '1.2.3');
    return { code, out: face.stdout(), err: face.stderr() };
  };
  const NAME = 'Harbour::CPilotPlugIn::StartPilotProcess';

  it('names functions in the report and the explanation', async () => {
    const sites = await act('--symbols', join(fixtures, 'x64'), '--sites');
    expect([sites.code, sites.err]).toEqual([0, '']);
    expect(sites.out).toContain(`in function 0x140001060 ${NAME}, called from`);
    expect(sites.out).toContain('1 call site, functions named by harbour.pdb; the program itself');
    const explained = await act('--symbols', join(fixtures, 'x64', 'harbour.pdb'), '--explain', 'pilot.exe');
    expect(explained.out).toContain(`in     0x140001060  the function ${NAME}, by the symbols of harbour.pdb`);
    expect(explained.out).toContain('in the function 0x1400011e0 (start)');
  });

  it('finds them in a symbol store', async () => {
    const key = '152B95D1D2A248CA4C4C44205044422E1';
    mkdirSync(join(folder, 'sym', 'harbour.pdb', key), { recursive: true });
    copyFileSync(join(fixtures, 'x64', 'harbour.pdb'), join(folder, 'sym', 'harbour.pdb', key, 'harbour.pdb'));
    expect((await act('--symbols', join(folder, 'sym'), '--sites')).out).toContain(NAME);
  });

  it('says that those of another build are not used', async () => {
    const { code, out } = await act('--symbols', join(fixtures, 'x86'), '--sites');
    expect(code).toBe(0);
    expect(out).toContain('symbols of harbour.exe: none: harbour.pdb is of another build, GUID');
    expect(out).not.toContain(NAME);
  });

  it('says that a folder is not there', async () => {
    const { code, err } = await act('--symbols', join(folder, 'nowhere'));
    expect([code, err]).toEqual([3, expect.stringContaining('nowhere: it does not exist')]);
  });
});
