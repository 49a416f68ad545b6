// The fixtures' harness itself: a bad answer must be seen as one, and a bad source refused.
import { describe, expect, it } from 'vitest';
import type { Child, ChildrenDocument } from '../../src/children/document.ts';
import { differences } from './fixtures-compare.ts';
import { readExpected } from './fixtures-expected.ts';

const SOURCE = `/* winnow: one child and one blind spot
 * children:
 *   - {image: alpha.exe, path: '%windir%\\system32\\alpha.exe', confidence: likely, reach: 'export:*'}
 * blindSpots: [{reason: registry, key: 'HKLM\\SOFTWARE\\Harbour', value: Helper}]
 * documents: [harbour.msc]
 * notChildren: [beta.exe]
 * sites: {mingw-x64: 1, clang-x64: 2}
 * via: import
 * depth: function
 */
void start(void) {}
`;

const CHILD: Child = {
  image: 'Alpha.exe',
  path: 'C:\\Windows\\System32\\alpha.exe',
  commandLine: null,
  confidence: 'proven',
  reach: 'export:ReefLaunch',
  evidence: [],
};

const DOCUMENT: ChildrenDocument = {
  schema: 'winnow.children/1',
  parent: { image: 'p.exe', path: 'p.exe', sha256: '', arch: 'x64', version: null, kind: 'program', console: false },
  modules: [],
  sites: [
    {
      module: 'p.exe',
      site: '0x140001000',
      sink: 'WinExec',
      via: 'import',
      function: '0x140001000',
      callers: [],
      arguments: {},
    },
  ],
  children: [CHILD],
  blindSpots: [
    {
      module: 'p.exe',
      sink: 'WinExec',
      site: '0x140001000',
      reach: 'image',
      reason: 'registry',
      registry: [{ key: 'HKEY_LOCAL_MACHINE\\Software\\Harbour', value: 'helper' }],
      detail: '',
    },
  ],
  verdict: { kind: 'closed', reason: 'one call takes it from a setting of the host', sites: [] },
  generic: [],
  documents: [{ target: 'harbour.msc', module: 'p.exe', site: '0x140001000', sink: 'WinExec' }],
  strings: [],
  rule: [],
  notes: [],
};

const expected = readExpected(SOURCE, 'sample.c');
const seen = (change: Partial<ChildrenDocument>, build = 'mingw-x64') =>
  differences({ ...DOCUMENT, ...change }, expected, build);

describe('the comparison', () => {
  it('agrees with a right answer, whatever its letter case and path notation', () => {
    expect(seen({})).toEqual([]);
  });

  it('takes System32 of an x86 program for SysWOW64', () => {
    const child = { ...CHILD, path: '%windir%\\SysWOW64\\alpha.exe' };
    expect(seen({ children: [child] })).toHaveLength(1);
    expect(differences({ ...DOCUMENT, children: [child] }, { ...expected, sites: undefined }, 'mingw-x86')).toEqual([]);
  });

  it.each<[string, Partial<ChildrenDocument>]>([
    ['a missing child', { children: [] }],
    ['a lower confidence', { children: [{ ...CHILD, confidence: 'possible' }] }],
    ['another reach', { children: [{ ...CHILD, reach: 'image' }] }],
    ['another path', { children: [{ ...CHILD, path: null }] }],
    ['a child through a shell instead', { children: [{ ...CHILD, through: 'shell' }] }],
    ['an invented child', { children: [CHILD, { ...CHILD, image: 'gamma.exe' }] }],
    ['a missing blind spot', { blindSpots: [] }],
    [
      'another registry value',
      { blindSpots: [{ ...DOCUMENT.blindSpots[0]!, registry: [{ key: 'HKLM', value: 'x' }] }] },
    ],
    [
      'an invented blind spot',
      { blindSpots: [...DOCUMENT.blindSpots, { ...DOCUMENT.blindSpots[0]!, reason: 'data' }] },
    ],
    ['a missing document', { documents: [] }],
    ['a site too few', { sites: [] }],
    ['another way to the sink', { sites: [{ ...DOCUMENT.sites[0]!, via: 'thunk' }] }],
  ])('sees %s', (_, change) => {
    expect(seen(change)).not.toEqual([]);
  });

  it('sees a name that must not be a child, and lets it be possible', () => {
    const beta: Child = { ...CHILD, image: 'beta.exe' };
    expect(seen({ children: [CHILD, beta] })).toContain('beta.exe must not be a child');
    expect(seen({ children: [CHILD, { ...beta, confidence: 'possible' }] })).toEqual([]);
  });

  it('counts the sites of the build', () => {
    expect(seen({}, 'clang-x64')).toHaveLength(1);
  });
});

describe('a fixture beyond the limit', () => {
  const note = { about: 'sample.exe', text: 'following the arguments of 1 call sites ended at the step limit' };
  const stopped = { ...DOCUMENT.blindSpots[0]!, reason: 'step-limit' as const, registry: undefined };
  const limited = (change: Partial<ChildrenDocument>) =>
    differences({ ...DOCUMENT, ...change }, { ...expected, limited: true }, 'mingw-x64');

  it('agrees when a note says so and the child is found, or a blind spot stands for it', () => {
    expect(limited({ notes: [note] })).toEqual([]);
    expect(limited({ notes: [note], children: [], blindSpots: [...DOCUMENT.blindSpots, stopped] })).toEqual([]);
  });

  it.each<[string, Partial<ChildrenDocument>]>([
    ['no note', {}],
    ['neither child nor blind spot', { notes: [note], children: [] }],
    [
      'an invented child',
      { notes: [note], children: [CHILD, { ...CHILD, image: 'gamma.exe' }], blindSpots: [stopped] },
    ],
    ['a blind spot of another reason missing', { notes: [note], blindSpots: [stopped] }],
  ])('sees %s', (_, change) => {
    expect(limited(change)).not.toEqual([]);
  });

  it('refuses the note where no limit is expected', () => {
    expect(seen({ notes: [note] })).toHaveLength(1);
  });
});

describe('the comment', () => {
  it.each([
    ['no comment first', 'void start(void) {}'],
    ['an unknown key', SOURCE.replace('notChildren', 'notChild')],
    ['an unknown depth', SOURCE.replace('depth: function', 'depth: deep')],
    ['a limit that is no truth value', SOURCE.replace('via:', 'limited: often\n * via:')],
    ['an unknown key of a child', SOURCE.replace('reach:', 'reached:')],
    ['no children list', SOURCE.replace(/ \* children:\n.*\n/, '')],
  ])('is refused with %s', (_, source) => {
    expect(() => readExpected(source, 'sample.c')).toThrow('sample.c');
  });
});
