// The command line of `winnow children`: grammar, exit codes and streams, with a given document instead of the analysis.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import type { ChildrenDocument } from '../../src/children/document.ts';
import type { FindOptions, ModuleFile } from '../../src/children/find-children.ts';
import { type ChildrenTools, grammar, run } from '../../src/cli/commands/children.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import type { Face } from '../../src/cli/print.ts';
import { FormatError } from '../../src/errors.ts';
import { EXAMPLE, keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-children-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The least that the face itself looks at: "MZ", e_lfanew and the machine. */
function headers(machine: number): Uint8Array {
  const bytes = new Uint8Array(256);
  bytes.set([0x4d, 0x5a]);
  bytes[0x3c] = 0x80;
  bytes.set([0x50, 0x45, 0, 0, machine & 0xff, machine >> 8], 0x80);
  return bytes;
}
function file(name: string, content: Uint8Array | string = headers(0x8664)): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}
const PROGRAM = file('Report.exe');

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly image?: ModuleFile;
  readonly options?: FindOptions;
}

async function act(words: string[], tools: Partial<ChildrenTools> = {}, face: Partial<Face> = {}): Promise<Outcome> {
  const kept = keptFace(face);
  const seen: { image?: ModuleFile; options?: FindOptions } = {};
  const given: ChildrenTools = {
    findChildren: (image, options): ChildrenDocument => {
      Object.assign(seen, { image, options });
      return tools.findChildren ? tools.findChildren(image, options) : EXAMPLE;
    },
    importsOf: tools.importsOf ?? (() => []),
    explainSources: tools.explainSources,
  };
  const command = grammar(new Command('children'))
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} });
  command.parse(words, { from: 'user' });
  const code = await run(command, kept, given);
  return { code, stdout: kept.stdout(), stderr: kept.stderr(), ...seen };
}

/** The same words through the real dispatcher: for whatever never gets as far as the analysis. */
async function whole(words: string[]): Promise<Outcome> {
  const kept = keptFace();
  const code = await dispatch(words, kept, '1.2.3');
  return { code, stdout: kept.stdout(), stderr: kept.stderr() };
}

describe('the answer', () => {
  it('is the report, with exit code 0', async () => {
    const { code, stdout, stderr } = await act([PROGRAM]);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain(
      'helper.exe, started from %windir%\\system32\\helper.exe, seen in Report.exe and plug.dll',
    );
  });

  it('is under --json the document and nothing else', async () => {
    const { stdout, stderr } = await act([PROGRAM, '--json'], {}, { outIsTerminal: true, errIsTerminal: true });
    expect(stdout).toBe(`${JSON.stringify(EXAMPLE, null, 2)}\n`);
    expect(stderr).toBe('');
  });

  it('is JSON that no terminal obeys, and that means the same', async () => {
    const odd: ChildrenDocument = { ...EXAMPLE, notes: [{ about: '\x1b\x7f\x9b\u202e\u{e0041}', text: 'a\nb\ud800' }] };
    const { stdout } = await act([PROGRAM, '--json'], { findChildren: () => odd });
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u{e0041}]/u);
    expect(JSON.parse(stdout)).toEqual(odd);
  });

  it('is under --quiet the rules alone', async () => {
    expect((await act([PROGRAM, '--quiet'])).stdout).toBe('title: Report\ndetection:\n  a: b\n');
  });

  it('is under --explain the route', async () => {
    const { stdout } = await act([PROGRAM, '--explain', 'HELPER.EXE']);
    expect(stdout).toContain('helper.exe: proven');
    expect(stdout).not.toContain('Blind spots');
  });

  it('gives --explain the bytes of the modules that were loaded', async () => {
    file('plug.dll');
    const { stdout } = await act([PROGRAM, '--modules', folder, '--explain', 'helper.exe'], {
      findChildren: (_image, options) => {
        options?.loadModule?.('plug.dll');
        return EXAMPLE;
      },
      explainSources: async (_, { fileOf }) => ({
        instructionsAround: (module) => [`${module} has ${fileOf(module)?.bytes?.length} bytes`],
      }),
    });
    expect(stdout).toContain('Report.exe has 256 bytes');
    expect(stdout).toContain('plug.dll has 256 bytes');
  });

  it('is coloured on a terminal only, and not against the wish of the user', async () => {
    const terminal = { outIsTerminal: true };
    expect((await act([PROGRAM], {}, terminal)).stdout).toContain('\x1b[1mModules\x1b[22m');
    for (const [words, face] of [
      [[], {}],
      [['--no-color'], terminal],
      [[], { ...terminal, env: { NO_COLOR: '1' } }],
      [[], { ...terminal, env: { TERM: 'dumb' } }],
    ] as const) {
      expect((await act([PROGRAM, ...words], {}, face)).stdout).not.toContain('\x1b');
    }
  });
});

describe('what the analysis is given', () => {
  it('is the image with its name, path, bytes and hash', async () => {
    const { image } = await act([PROGRAM]);
    expect(image).toMatchObject({ name: 'Report.exe', path: PROGRAM, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(image?.bytes).toHaveLength(256);
  });

  it('is Sigma, no date and the default confidence, unless asked otherwise', async () => {
    expect((await act([PROGRAM])).options?.rule).toMatchObject({ languages: ['sigma'] });
    const words = [
      PROGRAM,
      '--to',
      'eql',
      '--to',
      'splunk',
      '--to=eql',
      '--min-confidence',
      'possible',
      '--signer',
      'microsoft',
      '--date',
      '2024-02-29',
      '--host',
      'svchost.exe',
    ];
    const { options } = await act(words);
    expect(options?.rule).toEqual({
      languages: ['eql', 'splunk'],
      minConfidence: 'possible',
      signer: 'microsoft',
      date: '2024-02-29',
      host: 'svchost.exe',
    });
    expect(options?.host).toBe('svchost.exe');
  });

  it('is --module and --no-module as two lists, in lower case and with .dll', async () => {
    const { options } = await act([
      PROGRAM,
      '--module',
      'Wer',
      '--no-module',
      'Faultrep.dll',
      '--module',
      'C:\\x\\B.CPL',
      '--no-module',
      'user32',
    ]);
    expect(options?.include).toEqual(['wer.dll', 'b.cpl']);
    expect(options?.exclude).toEqual(['faultrep.dll', 'user32.dll']);
    const one = await act([PROGRAM, '--no-module', 'a.dll']);
    expect(one.options?.include).toBeUndefined();
    expect(one.options?.exclude).toEqual(['a.dll']);
  });

  it('is a look-up of modules in the folders given, in their order and any case', async () => {
    for (const [sub, name] of [
      ['m1', 'Wer.dll'],
      ['m2', 'wer.dll'],
      ['m2', 'OTHER.dll'],
    ]) {
      mkdirSync(join(folder, sub), { recursive: true });
      file(join(sub, name));
    }
    const { options } = await act([PROGRAM, '--modules', join(folder, 'm1'), '--modules', join(folder, 'm2')]);
    expect(options?.loadModule?.('wer.dll')).toMatchObject({
      name: 'Wer.dll',
      path: join(folder, 'm1', 'Wer.dll'),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(options?.loadModule?.('other.dll')?.path).toBe(join(folder, 'm2', 'OTHER.dll'));
    expect(options?.loadModule?.('report.exe')).toBeUndefined();
  });

  it("is, with no folder given, the image's own folder and on Windows the system's", async () => {
    const system = join(folder, 'root');
    for (const [sub, name] of [
      ['System32', 'sys.dll'],
      ['SysWOW64', 'wow.dll'],
    ]) {
      mkdirSync(join(system, sub), { recursive: true });
      file(join('root', sub, name), headers(sub === 'SysWOW64' ? 0x14c : 0x8664));
    }
    const windows = { platform: 'win32', env: { SystemRoot: system } };
    const x64 = (await act([PROGRAM], {}, windows)).options?.loadModule;
    expect(x64?.('report.exe')?.path).toBe(PROGRAM);
    expect(x64?.('sys.dll')).toBeDefined();
    expect(x64?.('wow.dll')).toBeUndefined();
    const x86 = (await act([file('Old.exe', headers(0x14c))], {}, windows)).options?.loadModule;
    expect(x86?.('wow.dll')).toBeDefined();
    expect(x86?.('sys.dll')).toBeUndefined();
    expect((await act([PROGRAM], {}, { env: windows.env })).options?.loadModule?.('sys.dll')).toBeUndefined();
  });

  it('is under --stats how many images import each module, and no count otherwise', async () => {
    mkdirSync(join(folder, 'stats'));
    for (const name of ['a.exe', 'b.dll', 'c.dll']) file(join('stats', name));
    file(join('stats', 'readme.txt'), 'no program');
    const importsOf = (_bytes: Uint8Array, path: string) =>
      path.endsWith('c.dll') ? ['X.dll', 'x.DLL', 'y.dll'] : ['x.dll'];
    const { options, code } = await act([PROGRAM, '--modules', join(folder, 'stats'), '--stats'], { importsOf });
    expect(options?.importers?.total).toBe(3);
    expect([...options!.importers!.count]).toEqual([
      ['x.dll', 3],
      ['y.dll', 1],
    ]);
    expect(code).toBe(0);
    expect((await act([PROGRAM], { importsOf })).options?.importers).toBeUndefined();
  });
});

describe('an input that cannot be read', () => {
  const failed = async (path: string, tools?: Partial<ChildrenTools>) => {
    await expect(act([path], tools)).rejects.toMatchObject({ kind: expect.stringMatching(/^(input|format)$/) });
    const outcome = await whole(['children', path]);
    expect(outcome.code).toBe(3);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr).toMatch(/^winnow: cannot read [^\n]+; [^\n]+\n$/);
    expect(outcome.stderr).toContain(path);
    return outcome.stderr;
  };

  it('is told in one line with exit code 3', async () => {
    expect(await failed(join(folder, 'absent.exe'))).toContain('does not exist');
    expect(await failed(folder)).toContain('is a folder');
    expect(await failed(file('empty.exe', ''))).toContain('is empty');
    expect(await failed(file('text.exe', 'hello'))).toContain('not a Windows program');
    expect(await failed(file('elf.exe', '\x7fELF'))).toContain('Linux program');
  });

  it('is told with its whole path when the analysis refuses it', async () => {
    const refuse = () => {
      throw new FormatError('Report.exe: the optional header ends outside the file');
    };
    await expect(act([PROGRAM], { findChildren: refuse })).rejects.toMatchObject({
      kind: 'format',
      message: `cannot read ${PROGRAM}: the optional header ends outside the file; it may be cut short or damaged, get the file again`,
    });
  });

  it('leaves the rest of the answer when it is a module or a folder', async () => {
    const modules = join(folder, 'broken');
    mkdirSync(modules);
    file(join('broken', 'empty.dll'), '');
    file(join('broken', 'text.dll'), 'hello');
    const findChildren: ChildrenTools['findChildren'] = (_image, options) => {
      for (const name of ['empty.dll', 'text.dll']) expect(() => options?.loadModule?.(name)).toThrow('cannot read');
      return EXAMPLE;
    };
    const { code, stdout, stderr } = await act(
      [PROGRAM, '--modules', join(folder, 'nowhere'), '--modules', modules, '--json'],
      { findChildren },
    );
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual(EXAMPLE);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringContaining('nowhere: it does not exist'),
      expect.stringContaining('empty.dll: it is empty'),
      expect.stringContaining('text.dll: it is not a Windows program'),
    ]);
  });
});

describe('several builds', () => {
  mkdirSync(join(folder, 'b32'), { recursive: true });
  mkdirSync(join(folder, 'both'), { recursive: true });
  mkdirSync(join(folder, 'none'), { recursive: true });
  const old = file(join('b32', 'REPORT.EXE'), headers(0x14c));
  const asBuild: ChildrenTools['findChildren'] = (image) => ({
    ...EXAMPLE,
    rule: [],
    parent: { ...EXAMPLE.parent, image: image.name, arch: image.path === old ? 'x86' : 'x64' },
  });

  it('give one document, with each child and place marked, and one rule', async () => {
    const { code, stdout } = await act([PROGRAM, old, '--json'], { findChildren: asBuild });
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as ChildrenDocument;
    expect(document.builds?.map(({ name }) => name)).toEqual(['x64 10.0.1.2', 'x86 10.0.1.2']);
    expect(document.children[0].builds).toEqual(['x64 10.0.1.2', 'x86 10.0.1.2']);
    expect(document.rule).toHaveLength(1);
  });

  it('are named in the report', async () => {
    const { stdout } = await act([PROGRAM, old], { findChildren: asBuild });
    expect(stdout).toContain('Report.exe  2 builds\n');
    expect(stdout).toContain('Modules of x86 10.0.1.2\n');
    expect(stdout).toContain(', in x64 10.0.1.2 and x86 10.0.1.2\n');
    expect(stdout).not.toContain('--explain');
  });

  it('have the modules beside them, then those of --modules that fit their machine', async () => {
    file(join('b32', 'beside.dll'), headers(0x14c));
    file(join('both', 'beside.dll'), headers(0x14c));
    file(join('both', 'deep.dll'), headers(0x8664));
    file(join('none', 'deep.dll'), headers(0x14c));
    const found: string[] = [];
    await act([PROGRAM, old, '--modules', join(folder, 'both'), '--modules', join(folder, 'none')], {
      findChildren: (image, options) => {
        for (const name of ['beside.dll', 'deep.dll'])
          found.push(`${image.name} ${options?.loadModule?.(name)?.path?.slice(folder.length + 1)}`);
        return asBuild(image, options);
      },
    });
    expect(found).toEqual([
      'Report.exe undefined',
      `Report.exe ${join('both', 'deep.dll')}`,
      `REPORT.EXE ${join('b32', 'beside.dll')}`,
      `REPORT.EXE ${join('none', 'deep.dll')}`,
    ]);
  });

  it('are each told once: the same file under two paths is one build', async () => {
    const copy = file(join('both', 'Report.exe'));
    const { stdout } = await act([PROGRAM, copy, '--json']);
    expect(JSON.parse(stdout)).toEqual(EXAMPLE);
  });

  it('of which one cannot be read leave the answer of the rest, with exit code 3', async () => {
    const bad = file(join('none', 'Report.exe'), 'hello');
    const one = await act([PROGRAM, bad, '--json']);
    expect(one.code).toBe(3);
    expect(JSON.parse(one.stdout)).toEqual(EXAMPLE);
    expect(one.stderr).toMatch(/^winnow: cannot read [^\n]+ not a Windows program[^\n]*\n$/);
    const refused = await act([PROGRAM, old, '--json'], {
      findChildren: (image, options) => {
        if (image.path === PROGRAM) throw new FormatError('Report.exe: damaged');
        return asBuild(image, options);
      },
    });
    expect(refused.code).toBe(3);
    expect(JSON.parse(refused.stdout)).not.toHaveProperty('builds');
    expect(JSON.parse(refused.stdout).rule).toHaveLength(1);
  });

  it('of which none can be read give no answer, and each its line', async () => {
    const { code, stdout, stderr } = await act([join(folder, 'no', 'a.exe'), join(folder, 'none', 'a.exe')]);
    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });
});

describe('a module made for another machine', () => {
  it('is passed over, and a note says so where there is no other', async () => {
    mkdirSync(join(folder, 'other'), { recursive: true });
    file(join('other', 'wrong.dll'), headers(0x14c));
    const { code, stdout } = await act([PROGRAM, '--modules', join(folder, 'other'), '--json'], {
      findChildren: (_image, options) => {
        expect(options?.loadModule?.('wrong.dll')).toBeUndefined();
        return EXAMPLE;
      },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).notes.at(-1)).toEqual({
      about: 'wrong.dll',
      text: `passed over ${join(folder, 'other', 'wrong.dll')}: it is x86, and the program is x64`,
    });
  });
});

describe('a command line that cannot be understood', () => {
  it.each([
    [['children'], "missing required argument 'FILE'"],
    [['children', 'a.exe', 'x/A.EXE', 'b.exe'], 'a.exe and b.exe are files of different programs'],
    [['children', 'x/a.exe', 'y/a.exe', '--explain', 'b.exe'], '--explain looks into one build'],
    [['children', 'a', '--jsn'], "unknown option '--jsn' (Did you mean --json?)"],
    [['children', 'a', '--modul', 'b'], 'Did you mean'],
    [
      ['children', 'a', '--to', 'yara'],
      'Allowed choices are eql, elastic, sigma, defender, sentinel, splunk, splunk-cim, esql, dsl, lucene, sysmon, sql.',
    ],
    [['children', 'a', '--signer', 'me'], 'Allowed choices are trusted, microsoft.'],
    [['children', 'a', '--min-confidence', 'sure'], 'Allowed choices are proven, likely, possible.'],
    [['children', 'a', '--date', '2023-02-29'], 'no date of the form YYYY-MM-DD'],
    [['children', 'a', '--date', 'today'], 'no date of the form YYYY-MM-DD'],
    [['children', 'a', '--modules', ''], 'It is empty.'],
    [['children', 'a', '--modules'], 'argument missing'],
    [['children', 'a', '--no-module'], 'argument missing'],
    [['childen', 'a'], "unknown command 'childen' (Did you mean children?)"],
    [['--frobnicate'], "unknown option '--frobnicate'"],
    [['children', 'a', '--json', '--quiet'], '--json and --quiet ask for two different answers'],
    [['children', 'a', '--module', 'wer', '--no-module', 'WER.dll'], '--module and --no-module both name wer'],
    [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish, powershell.'],
  ])('is told in one line with exit code 2: %j', async (words, message) => {
    const { code, stdout, stderr } = await whole(words);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^winnow: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });

  it('names the help that fits', async () => {
    expect((await whole(['children'])).stderr).toContain("; see 'winnow children --help'\n");
    expect((await whole(['child'])).stderr).toContain("; see 'winnow --help'\n");
  });

  it('is repeated without its control characters', async () => {
    expect((await whole(['children', 'a', '--x\x1b[31m'])).stderr).toContain('--x\\x1b[31m');
  });

  it('gets the help on stderr when it is empty', async () => {
    const { code, stdout, stderr } = await whole([]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: winnow');
  });
});

describe('help and version', () => {
  it('name the commands and the exit codes', async () => {
    const { code, stdout, stderr } = await whole(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ {2}children +which child processes/m);
    expect(stdout).toMatch(/^ {2}completion +a script/m);
    expect(stdout).toMatch(/^ {2}70 +a fault of Winnow itself/m);
  });

  it('name the options of a command, with examples', async () => {
    for (const words of [
      ['children', '--help'],
      ['help', 'children'],
      ['children', '-h'],
    ]) {
      const { code, stdout } = await whole(words);
      expect(code).toBe(0);
      expect(stdout).toContain('--no-module <NAME>');
      expect(stdout).toContain('winnow children C:\\Windows\\System32\\WerFault.exe\n');
    }
  });

  it('give the version', async () => {
    expect(await whole(['--version'])).toMatchObject({ code: 0, stdout: '1.2.3\n' });
  });

  it('give the summaries that the commands themselves give', async () => {
    const words = (await whole(['--help'])).stdout.replaceAll(/\s+/g, ' ');
    for (const module of [
      await import('../../src/cli/commands/children.ts'),
      await import('../../src/cli/commands/completion.ts'),
    ]) {
      expect(words).toContain(` ${module.name} ${module.summary} `);
    }
  });
});
