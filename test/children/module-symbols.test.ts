// Symbols in the answer: functions by name in sites, evidence, rule and explanations; what does not belong to the program is noted and not used.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type FindOptions, findChildren, type LoadSymbols } from '../../src/children/find-children.ts';
import { type FollowedModule, followFile } from '../../src/children/followed-module.ts';
import { FunctionNames } from '../../src/children/function-names.ts';
import { readModuleSymbols } from '../../src/children/module-symbols.ts';
import { ModuleView } from '../../src/children/module-view.ts';
import { explainSources } from '../../src/cli/explain-sources.ts';
import { ModuleCode } from '../../src/code/functions.ts';
import { InputError, type Note } from '../../src/errors.ts';
import { readProgramDatabase } from '../../src/pdb/program-database.ts';
import { readImage } from '../../src/pe/image.ts';
import { buildPdb, procedure, publicSymbol } from '../pdb/build-pdb.ts';

const BUILDS = ['x64', 'x64-private', 'x86', 'x86-private'];
const START = 'Harbour::CPilotPlugIn::StartPilotProcess';
const bytesOf = (build: string, name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/symbols/bin/${build}/${name}`, import.meta.url)));
const own =
  (build: string): LoadSymbols =>
  (name) =>
    bytesOf(build, name);
const program = (build: string) => ({ name: 'harbour.exe', bytes: bytesOf(build, 'harbour.exe') });
const find = (build: string, options: FindOptions) =>
  findChildren(program(build), { rule: { languages: ['eql'] }, ...options });
const symbolNotes = (loadSymbols: LoadSymbols) =>
  find('x64', { loadSymbols })
    .notes.filter(({ about }) => about === 'symbols of harbour.exe')
    .map(({ text }) => text);

describe.each(BUILDS)('the symbols of %s', (build) => {
  it('name the function of a call in sites, evidence and rule', () => {
    const asked: unknown[] = [];
    const document = find(build, {
      loadSymbols: (...words) => {
        asked.push(words);
        return own(build)(...words);
      },
    });
    expect(asked).toEqual([['harbour.pdb', expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/), 1]]);
    expect(document.sites.map(({ functionName }) => functionName)).toEqual([START]);
    expect(document.children.map(({ image, evidence }) => [image, evidence[0].name])).toEqual([['pilot.exe', START]]);
    expect(document.rule[0].text).toContain(` ${START}, reach image`);
    expect(document.modules[0].symbols).toBe('harbour.pdb');
    expect(document.notes).toEqual([]);
  });

  it('change nothing else of the answer', () => {
    const without = find(build, {});
    expect(without.sites[0].functionName).toBeUndefined();
    expect(without.modules[0].symbols).toBeUndefined();
    const named = find(build, { loadSymbols: own(build) });
    const plain = (text: string): string => text.replaceAll(` ${START}`, '');
    expect(plain(named.rule[0].text)).toBe(without.rule[0].text);
    expect(named.children[0].commandLine).toBe(without.children[0].commandLine);
  });

  it('name functions in explanations, callers too', () => {
    const document = find(build, { loadSymbols: own(build) });
    const view = new ModuleView(followFile(program(build), { loadSymbols: own(build) }), document.sites);
    const notes = view.describeFunction(document.sites[0].function);
    expect(notes.name).toEqual({ name: START, by: { kind: 'symbols', file: 'harbour.pdb' }, others: [] });
    expect(view.describeFunction(notes.callers[0].function).name?.name).toBe('start');
  });

  it('are read once, for the answer and for its explanation', () => {
    const asked: string[] = [];
    const loadSymbols: LoadSymbols = (name) => {
      asked.push(name);
      return own(build)(name, '', 0);
    };
    const analysed = new Map<string, FollowedModule>();
    const document = find(build, { loadSymbols, onAnalysed: (name, module) => analysed.set(name, module) });
    const sources = explainSources(document, { analysed, fileOf: () => undefined, loadSymbols });
    const start = document.sites[0].function;
    expect(sources.describeFunction?.('harbour.exe', start)?.name?.name).toBe(START);
    expect(asked).toEqual(['harbour.pdb']);
  });

  it('name every function in the words of C++ and C', () => {
    const image = readImage(bytesOf(build, 'harbour.exe'), 'harbour.exe');
    const symbols = readModuleSymbols(image, own(build), [])!;
    const names = new FunctionNames(image, symbols);
    const all = [...symbols.functions.starts].map((start) => names.of(start)?.name);
    const expected = ['plainTide', 'standardTide', 'fastTide', 'Harbour::Line::Line', 'Harbour::Line::~Line'];
    const hidden = ['Harbour::(anonymous namespace)::hiddenDepth', 'localTide'];
    expect(all).toEqual(expect.arrayContaining([...expected, ...(build.endsWith('-private') ? hidden : [])]));
    expect(all.filter((name) => /[?@]|^_(?!purecall)/.test(name ?? '?'))).toEqual([]);
  });
});

describe('symbols that are not those of the program', () => {
  it('of another build are noted with both identities and not used', () => {
    const [text, ...more] = symbolNotes(own('x86'));
    expect(text).toMatch(
      /^none: harbour\.pdb is of another build, GUID \S+ and age 1; the file names GUID \S+ and age 1$/,
    );
    expect(new Set(text.match(/GUID \S+/g)).size).toBe(2);
    expect(more).toEqual([]);
    const document = find('x64', { loadSymbols: own('x86') });
    expect([document.sites[0].functionName, document.modules[0].symbols]).toEqual([undefined, undefined]);
    expect(document.rule[0].text).not.toContain('another build');
  });

  it('of another age are not used', () => {
    const other = bytesOf('x64', 'harbour.pdb');
    const guid = readImage(bytesOf('x64', 'harbour.exe')).debug!.guid!;
    // The age of the DBI stream, behind its signature and version.
    const at = Buffer.from(other).indexOf(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x77, 0x09, 0x31, 0x01]));
    expect(at).toBeGreaterThan(0);
    other[at + 8] = 7;
    expect(symbolNotes(() => other)).toEqual([
      `none: harbour.pdb is of another build, GUID ${guid} and age 7; the file names GUID ${guid} and age 1`,
    ]);
  });

  it('that are not found, not read or damaged are noted', () => {
    expect(symbolNotes(() => undefined)[0]).toMatch(
      /^none: no harbour\.pdb of GUID \S+ and age 1 was found; a symbol store has it as harbour\.pdb\/[0-9A-F]{32}1\/harbour\.pdb$/,
    );
    const refused = (): never => {
      throw new InputError('cannot read harbour.pdb: it is a folder');
    };
    expect(symbolNotes(refused)).toEqual(['none: cannot read harbour.pdb: it is a folder']);
    expect(symbolNotes(() => bytesOf('x64', 'harbour.exe'))).toEqual([
      'none: harbour.pdb: no program database (MSF 7.0)',
    ]);
    const cut = bytesOf('x64', 'harbour.pdb').subarray(0, 0x3000);
    expect(symbolNotes(() => cut)).toEqual([expect.stringMatching(/^none: harbour\.pdb: .*cut short/)]);
  });

  it('that a program does not name are noted', () => {
    const bytes = new Uint8Array(
      readFileSync(new URL('../../fixtures/children/bin/clang-x64/create-process-w.exe', import.meta.url)),
    );
    const { notes } = findChildren({ name: 'a.exe', bytes }, { loadSymbols: () => new Uint8Array(0) });
    expect(notes).toContainEqual({ about: 'symbols of a.exe', text: 'none: the file names no program database' });
  });
});

const prebuilds = new URL('../../node_modules/node-pty/prebuilds/win32-x64/', import.meta.url);
const present = existsSync(prebuilds);
if (!present) console.log('skipped: the symbols of winpty.dll and conpty.node, node-pty is absent');

describe.skipIf(!present)('symbols that the linker of Microsoft wrote', () => {
  it.each([
    ['winpty.dll', 'winpty.pdb', ['startAgentProcess']],
    ['winpty-agent.exe', 'winpty-agent.pdb', ['Agent::handleStartProcessPacket']],
    ['conpty.node', 'conpty.pdb', ['PtyConnect']],
  ])('for %s name every function of .pdata, and that of the call', (name, pdb, expected) => {
    const read = (file: string) => new Uint8Array(readFileSync(new URL(file, prebuilds)));
    const loadSymbols: LoadSymbols = (asked) => (asked === pdb ? read(pdb) : undefined);
    const image = readImage(read(name), name);
    const notes: Note[] = [];
    const names = new FunctionNames(image, readModuleSymbols(image, loadSymbols, notes));
    expect(notes).toEqual([]);
    const { begin, owner, count } = image.functions;
    const starts = Array.from(begin.subarray(0, count)).filter((start, i) => owner[i] === start);
    expect(starts.length).toBeGreaterThan(500);
    expect(starts.filter((start) => /^\?|^undefined$/.test(`${names.of(start)?.name}`))).toEqual([]);
    const { sites } = findChildren({ name, bytes: read(name) }, { loadSymbols });
    expect(sites.map(({ functionName }) => functionName)).toEqual(expected);
  });
});

describe('functions', () => {
  const image = readImage(bytesOf('x86', 'harbour.exe'), 'harbour.exe');
  const TEXT = { rva: 0x1000, size: 0x1000, code: true };

  it('of the same code have one name, and the others beside it', () => {
    const publics = [...publicSymbol('?Start@CReport@@QAEXXZ', 1, 0x10), ...publicSymbol('_Other@4', 1, 0x10)];
    const database = buildPdb({ sections: [TEXT], publics, module: procedure('Plain', 1, 0x20) });
    const functions = readProgramDatabase(database, 'x.pdb').readFunctions();
    const names = new FunctionNames(image, { name: 'x.pdb', functions });
    const by = { kind: 'symbols', file: 'x.pdb' };
    expect(names.of(0x1010)).toEqual({ name: 'CReport::Start', by, others: ['Other'] });
    expect(names.of(0x1020)).toEqual({ name: 'Plain', by, others: [] });
    expect(names.of(0x1030)).toBeUndefined();
  });

  it('that symbols name begin there in x86 code too', () => {
    const start = image.entryPoint + 3;
    expect(new ModuleCode(image).entries.certain.has(start)).toBe(false);
    expect(new ModuleCode(image, [start, 1, 0x7fffffff]).entries.certain.has(start)).toBe(true);
    expect(new ModuleCode(image, [1, 0x7fffffff]).entries.all).toEqual(new ModuleCode(image).entries.all);
  });
});
