// The verdict on a parent: which blind spots open it, which do not, and what the real fixtures say.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { BlindSpot, BlindSpotReason } from '../../src/children/document.ts';
import { findChildren } from '../../src/children/find-children.ts';
import { findVerdict } from '../../src/children/verdict.ts';
import { blindSpot } from '../rule/example-documents.ts';

const PROGRAM = { image: 'Lantern.exe', kind: 'program' } as const;
const MODULE = { image: 'lantern.dll', kind: 'module' } as const;

describe('the verdict', () => {
  it.each<[BlindSpotReason, 'open' | 'closed']>([
    ['command-line', 'open'],
    ['standard-input', 'open'],
    ['rpc', 'open'],
    ['shared-memory', 'open'],
    ['file', 'open'],
    ['registry', 'closed'],
    ['environment', 'closed'],
    ['com', 'closed'],
    ['caller', 'closed'],
    ['data', 'closed'],
    ['step-limit', 'closed'],
  ])('of a program with the blind spot %s is %s', (reason, kind) => {
    expect(findVerdict(PROGRAM, [blindSpot(reason)]).kind).toBe(kind);
  });

  it('is not opened by code that the program does not come to', () => {
    for (const reach of ['module-only', 'other-process'] as const)
      expect(findVerdict(PROGRAM, [blindSpot('command-line', { reach })]).kind).toBe('closed');
    expect(findVerdict(PROGRAM, [blindSpot('command-line', { reach: 'vtable' })]).kind).toBe('open');
  });

  it('is not opened by a name whose beginning is constant', () => {
    expect(findVerdict(PROGRAM, [blindSpot('command-line', { begins: 'lamp' })]).kind).toBe('closed');
  });

  it('is not opened by a file of a constant name, which is a place to look into', () => {
    expect(findVerdict(PROGRAM, [blindSpot('file', { file: 'C:\\Lantern\\lantern.ini' })]).kind).toBe('closed');
  });

  it('of a module is opened by what callers give to its own exports, and by no other module', () => {
    const given: Partial<BlindSpot> = { module: 'lantern.dll', reach: 'export:Light', export: 'Light' };
    expect(findVerdict(MODULE, [blindSpot('caller', given)])).toMatchObject({
      kind: 'open',
      reason: 'it starts what the caller of its exported function names',
    });
    expect(findVerdict(MODULE, [blindSpot('caller', { ...given, export: undefined })]).kind).toBe('closed');
    expect(findVerdict(MODULE, [blindSpot('caller', { ...given, module: 'wick.dll' })]).kind).toBe('closed');
    expect(findVerdict(PROGRAM, [blindSpot('caller', given)]).kind).toBe('closed');
  });

  it('names each site that opens it, and each reason once', () => {
    const verdict = findVerdict(PROGRAM, [
      blindSpot('command-line', { site: '0x1' }),
      blindSpot('data', { site: '0x2' }),
      blindSpot('command-line', { site: '0x3' }),
      blindSpot('rpc', { site: '0x4' }),
    ]);
    expect(verdict.sites.map(({ site }) => site)).toEqual(['0x1', '0x3', '0x4']);
    expect(verdict.reason).toBe(
      'it starts what its own command line names, and what the client of a remote call names',
    );
  });

  it('that is closed says which calls take a setting of the host, and which are in doubt', () => {
    const { reason } = findVerdict(PROGRAM, [
      blindSpot('registry', { site: '0x1' }),
      blindSpot('registry', { site: '0x1' }),
      blindSpot('data', { site: '0x2' }),
      blindSpot('step-limit', { site: '0x3' }),
    ]);
    expect(reason).toContain('; one call takes it from a setting of the host');
    expect(reason).toContain('; 2 calls were not followed to the end, so what they start is in doubt');
    expect(findVerdict(PROGRAM, []).reason).not.toContain(';');
  });
});

describe('the verdict on a fixture', () => {
  const kindOf = (idea: string, extension = 'exe') => {
    const name = `${idea}.${extension}`;
    const file = fileURLToPath(new URL(`../../fixtures/children/bin/clang-x64/${name}`, import.meta.url));
    return findChildren({ name, bytes: readFileSync(file) }).verdict.kind;
  };

  it.each([
    ['own-command-line', 'open'],
    ['command-line-argument', 'open'],
    ['printf-mixed', 'closed'],
    ['standard-input-line', 'open'],
    ['rpc-server-routine', 'open'],
    ['read-process-memory', 'open'],
    ['shared-memory', 'open'],
    ['registry-value', 'closed'],
    ['environment-variable', 'closed'],
    ['com-local-server', 'closed'],
    ['profile-string', 'closed'],
    ['printf-system-directory', 'closed'],
  ])('%s is %s', (idea, kind) => {
    expect(kindOf(idea)).toBe(kind);
  });
});
