// Several builds of one program: the union of their children, what each build alone has, and the one rule.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { joinBuilds } from '../../src/children/builds.ts';
import type { ChildrenDocument, ParentImage } from '../../src/children/document.ts';
import { UsageError } from '../../src/errors.ts';
import { blindSpot, child, type Document, documentOf, evidence } from '../rule/example-documents.ts';

const built = (parent: Partial<ParentImage>, more: Partial<Document>): ChildrenDocument => ({
  ...documentOf({ parent: { ...documentOf().parent, ...parent }, ...more }),
  rule: [],
});

const SYSTEM = '%windir%\\system32\\wickhelper.exe';
const X64 = built(
  { arch: 'x64', version: '4.2.0.1 (main)' },
  {
    children: [
      child('wickhelper.exe', { path: SYSTEM, confidence: 'likely', reach: 'vtable', evidence: [evidence('0x1')] }),
      child('new.exe', { path: '%windir%\\SysWOW64\\new.exe' }),
    ],
    blindSpots: [blindSpot('data')],
    notes: [
      { about: 'a.dll', text: 'both say it' },
      { about: 'b.dll', text: 'one says it' },
    ],
  },
);
const X86 = built(
  { arch: 'x86', version: '4.1.0.0', console: true },
  {
    children: [
      child('WickHelper.exe', { path: SYSTEM, evidence: [evidence('0x2')] }),
      child('old.exe', { path: '%windir%\\SysWOW64\\old.exe' }),
    ],
    generic: [{ image: 'conhost.exe', why: 'a console program gets a console host' }],
    notes: [{ about: 'a.dll', text: 'both say it' }],
  },
);

describe('builds', () => {
  const joined = joinBuilds([X64, X86], { languages: ['sigma'] });

  it('have their architecture and version as names', () => {
    expect(joined.builds?.map(({ name }) => name)).toEqual(['x64 4.2.0.1', 'x86 4.1.0.0']);
    const same = joinBuilds([X64, X64, built({ version: null }, {})]).builds;
    expect(same?.map(({ name }) => name)).toEqual(['x64 4.2.0.1', 'x64 4.2.0.1 (2)', 'x64 without version']);
  });

  it('have one entry for a child that all have alike, with the best confidence and reach, and all evidence', () => {
    expect(joined.children.map(({ image, builds }) => [image, builds])).toEqual([
      ['wickhelper.exe', ['x64 4.2.0.1', 'x86 4.1.0.0']],
      ['new.exe', ['x64 4.2.0.1']],
      ['old.exe', ['x86 4.1.0.0']],
    ]);
    expect(joined.children[0]).toMatchObject({ confidence: 'proven', reach: 'image' });
    expect(joined.children[0].evidence.map(({ build, site }) => [build, site])).toEqual([
      ['x64 4.2.0.1', '0x1'],
      ['x86 4.1.0.0', '0x2'],
    ]);
  });

  it('have one rule, in which each path is read for the architectures that have it', () => {
    const [{ text }] = joined.rule;
    expect(joined.rule).toHaveLength(1);
    expect(text).toContain("filter_main_new:\n    Image: '?:\\Windows\\SysWOW64\\new.exe'");
    expect(text).toContain(
      "filter_main_old:\n    Image:\n      - '?:\\Windows\\SysWOW64\\old.exe'\n      - '?:\\Windows\\System32\\old.exe'",
    );
    expect(text).toContain('filter_main_generic_conhost');
    expect(text).toContain('version 4.2.0.1 (main) (x64), Lantern.exe version 4.1.0.0 (x86)');
    expect(text).toContain('than 4.2.0.1 (main) or 4.1.0.0, whose children may differ');
    expect(text).toContain('x86 4.1.0.0: Lantern.exe: CreateProcessW at 0x2');
  });

  it('have a note once that all have', () => {
    expect(joined.notes).toEqual([
      { about: 'a.dll', text: 'both say it' },
      { about: 'x64 4.2.0.1: b.dll', text: 'one says it' },
    ]);
  });

  it('are open when one is, at its sites', () => {
    expect(joined.verdict.kind).toBe('closed');
    const open = joinBuilds([X64, built({ arch: 'x86' }, { blindSpots: [blindSpot('rpc')] })], { languages: ['eql'] });
    expect(open.verdict).toMatchObject({ kind: 'open', sites: [{ build: 'x86 4.2.0.1', reason: 'rpc' }] });
    expect(open.rule[0].kind).toBe('unprotected-child');
  });

  it('make a document that the schema takes', () => {
    const file = new URL('../../docs/formats/children-1.schema.json', import.meta.url);
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
      JSON.parse(readFileSync(file, 'utf8')),
    );
    expect(validate(joined), JSON.stringify(validate.errors)).toBe(true);
  });

  it('are none where one is a program and one a module', () => {
    expect(() => joinBuilds([X64, built({ kind: 'module' }, {})])).toThrow(UsageError);
  });
});
