// Files from a disk: every refusal names the file, what is wrong and the way out; modules are looked up without being opened.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  defaultFolders,
  fileName,
  filesBeside,
  isFile,
  moduleFolders,
  readWholeFile,
  sha256Of,
  writeCached,
} from '../../src/cli/files.ts';
import { otherThanProgram } from '../../src/cli/not-a-program.ts';
import { InputError } from '../../src/errors.ts';
import { cpuTime } from '../cpu-time.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

function refusal(path: string): string {
  try {
    readWholeFile(path);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as InputError;
    expect(message).not.toContain('\n');
    expect(message).toContain(path);
    return message.replace(path, 'PATH');
  }
  throw new Error('it was read');
}

describe('readWholeFile', () => {
  it('reads all bytes', () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
    writeFileSync(at('whole.bin'), bytes);
    expect(sha256Of(readWholeFile(at('whole.bin')))).toBe(sha256Of(bytes));
    expect(sha256Of(new TextEncoder().encode('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('refuses an absent file', () => {
    expect(refusal(at('absent.exe'))).toBe('cannot read PATH: it does not exist; check the path');
  });

  it('refuses a file below a file', () => {
    writeFileSync(at('plain.txt'), 'x');
    expect(refusal(join(at('plain.txt'), 'a.exe'))).toContain('it does not exist');
  });

  it('refuses a folder', () => {
    expect(refusal(folder)).toBe('cannot read PATH: it is a folder; give the program itself');
  });

  it('refuses an empty file', () => {
    writeFileSync(at('empty.exe'), '');
    expect(refusal(at('empty.exe'))).toBe('cannot read PATH: it is empty (0 bytes); get the file again');
  });

  it('refuses a file over 1 GiB without reading it', () => {
    writeFileSync(at('huge.exe'), 'MZ');
    truncateSync(at('huge.exe'), 2 ** 32);
    const start = cpuTime();
    expect(refusal(at('huge.exe'))).toContain('it is 4294967296 bytes, over the limit of 1073741824');
    expect(cpuTime() - start).toBeLessThan(1000);
    rmSync(at('huge.exe'));
  });

  it('says that a shell took the backslashes away', () => {
    expect(refusal('C:WindowsSystem32WerFault.exe')).toContain('put the path in quotes');
  });

  const windows = process.platform === 'win32';
  if (windows)
    console.log('skipped: pipes, devices, links and Windows paths elsewhere need a system other than Windows');
  describe.skipIf(windows)('elsewhere than on Windows', () => {
    it('refuses a pipe instead of waiting for it', () => {
      execFileSync('mkfifo', [at('pipe.exe')]);
      expect(refusal(at('pipe.exe'))).toContain('it is not a regular file');
    });

    it('refuses a device', () => {
      expect(refusal('/dev/zero')).toContain('it is not a regular file');
    });

    it('refuses a link to itself', () => {
      symlinkSync(at('loop.exe'), at('loop.exe'));
      expect(refusal(at('loop.exe'))).toContain('link that leads to itself');
    });

    it('says that a Windows path leads nowhere', () => {
      expect(refusal('C:\\Windows\\System32\\WerFault.exe')).toContain('this machine has no Windows drives');
    });

    const root = process.getuid?.() === 0;
    if (root) console.log('skipped: "no rights" cannot be tried, the tests run as root, who may read everything');
    it.skipIf(root)('refuses a file without rights', () => {
      writeFileSync(at('secret.exe'), 'MZ');
      chmodSync(at('secret.exe'), 0);
      expect(refusal(at('secret.exe'))).toContain('may not be read by this user');
    });
  });
});

describe('moduleFolders', () => {
  it('finds modules in any case, in the first folder that has them', () => {
    for (const name of ['one', 'two']) mkdirSync(at(name));
    writeFileSync(join(at('one'), 'Wer.DLL'), 'x');
    writeFileSync(join(at('two'), 'wer.dll'), 'x');
    writeFileSync(join(at('two'), 'Faultrep.dll'), 'x');
    const folders = moduleFolders([at('one'), at('two')]);
    expect(folders.find('wer.dll')).toBe(join(at('one'), 'Wer.DLL'));
    expect(folders.find('faultrep.dll')).toBe(join(at('two'), 'Faultrep.dll'));
    expect(folders.find('absent.dll')).toBeUndefined();
    expect(folders.failures).toEqual([]);
  });

  it('does not leave its folders, whatever the name says', () => {
    const folders = moduleFolders([at('one')]);
    for (const name of ['..', '../two/wer.dll', '..\\two\\wer.dll', at('two'), '__proto__', 'constructor']) {
      expect(folders.find(name)).toBeUndefined();
    }
  });

  it('lists a folder once, and not before it is asked', () => {
    const late = at('late');
    const folders = moduleFolders([late]);
    mkdirSync(late);
    writeFileSync(join(late, 'a.dll'), 'x');
    expect(folders.find('a.dll')).toBe(join(late, 'a.dll'));
    writeFileSync(join(late, 'b.dll'), 'x');
    expect(folders.find('b.dll')).toBeUndefined();
  });

  it('tells a folder that cannot be listed once, and goes on', () => {
    const folders = moduleFolders([at('nowhere'), at('plain.txt'), at('two')]);
    expect(folders.find('wer.dll')).toBe(join(at('two'), 'wer.dll'));
    folders.find('other.dll');
    expect(folders.failures.map((f) => f.message)).toEqual([
      `cannot read ${at('nowhere')}: it does not exist; check the path`,
      `cannot read ${at('plain.txt')}: it is a file, not a folder; --modules takes a folder; one module is kept with --module NAME`,
    ]);
  });

  it('looks a name up among 4,000 files in milliseconds', () => {
    mkdirSync(at('many'));
    for (let i = 0; i < 4000; i++) writeFileSync(join(at('many'), `Module${i}.dll`), '');
    const start = cpuTime();
    const folders = moduleFolders([at('many')]);
    for (let i = 0; i < 4000; i++) expect(folders.find(`module${i}.dll`) !== undefined).toBe(true);
    expect(cpuTime() - start).toBeLessThan(2000);
  });
});

describe('filesBeside', () => {
  it('finds files of the same name with a suffix, in any case, in the order of the suffixes, without empty ones', () => {
    for (const [name, text] of [
      ['Hive', 'x'],
      ['hive.log2', 'x'],
      ['HIVE.LOG1', 'x'],
      ['Hive.log', ''],
      ['Hive.LOG10', 'x'],
    ])
      writeFileSync(at(name), text);
    expect(filesBeside(at('Hive'), ['.LOG1', '.LOG2', '.LOG'])).toEqual([at('HIVE.LOG1'), at('hive.log2')]);
    expect(filesBeside(at('none/Hive'), ['.LOG1'])).toEqual([]);
  });
});

describe('isFile', () => {
  it('is false for folders, what is absent, and what can be no path', () => {
    expect(isFile(at('whole.bin'))).toBe(true);
    expect([folder, at('absent'), 'a'.repeat(100_000), 'a\0b', ''].map(isFile)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('names and default folders', () => {
  it('takes the last part of either kind of path', () => {
    expect(fileName('C:\\Windows\\System32\\WerFault.exe')).toBe('WerFault.exe');
    expect(fileName('./x/WerFault.exe')).toBe('WerFault.exe');
    expect(fileName('\\\\server\\share\\a b.exe')).toBe('a b.exe');
    expect(fileName('WerFault.exe')).toBe('WerFault.exe');
  });

  it('looks beside the image, and on Windows in the system folder of its kind', () => {
    const env = { SystemRoot: 'R' };
    expect(defaultFolders('x/a.exe', false, 'linux', env)).toEqual(['x']);
    expect(defaultFolders('a.exe', false, 'linux', {})).toEqual(['.']);
    expect(defaultFolders('x/a.exe', false, 'win32', env)).toEqual(['x', join('R', 'System32')]);
    expect(defaultFolders('x/a.exe', false, 'win32', { ...env, PROCESSOR_ARCHITEW6432: 'AMD64' })).toEqual([
      'x',
      join('R', 'Sysnative'),
    ]);
    const root = at('root');
    expect(defaultFolders('x/a.exe', true, 'win32', { SystemRoot: root })).toEqual(['x', join(root, 'System32')]);
    mkdirSync(join(root, 'SysWOW64'), { recursive: true });
    expect(defaultFolders('x/a.exe', true, 'win32', { SystemRoot: root })).toEqual(['x', join(root, 'SysWOW64')]);
  });
});

describe('otherThanProgram', () => {
  const of = (text: string) => otherThanProgram(Uint8Array.from(text, (c) => c.charCodeAt(0)));
  it('takes anything that begins with MZ', () => {
    expect(of('MZ')).toBeUndefined();
  });
  it.each([
    ['\x7fELF\x02', 'Linux program'],
    ['PK\x03\x04', 'zip archive'],
    ['version https://git-lfs.github.com/spec/v1\n', 'git lfs pull'],
    ['<!DOCTYPE html>', 'web page'],
    ['\xd0\xcf\x11\xe0', '.msi'],
    ['\x00\x00\x00\x00', 'zeros only'],
    ['hello', 'no MZ header'],
    ['M', 'no MZ header'],
  ])('says what %j looks like', (text, words) => {
    expect(of(text)).toContain(words);
  });
});

describe('writeCached', () => {
  it('lets go of old entries, and of nothing else that is in the folder', () => {
    const own = at('cache');
    mkdirSync(own);
    for (let i = 0; i < 12; i++) writeFileSync(join(own, `mine-${i}.txt`), 'mine');
    for (let i = 0; i < 12; i++) writeCached(own, `rules-${String(i).padStart(64, '0')}`, new Uint8Array(1));
    const names = readdirSync(own);
    expect(names.filter((name) => name.startsWith('mine'))).toHaveLength(12);
    expect(names.filter((name) => name.startsWith('rules-'))).toHaveLength(8);
  });
});
