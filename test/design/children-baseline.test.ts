// A parent's static children as its normal: what a rule on strange children would hit, told from the program's file.

import { describe, expect, it } from 'vitest';
import type { ChildrenDocument } from '../../src/children/document.ts';
import { staticFigures } from '../../src/design/counting/children-baseline.ts';
import { readDossiers } from '../../src/design/read/read-dossiers.ts';

const techniqueOf = (predicate: string) =>
  readDossiers(
    `{schema: design.technique/1, id: t, procedures: [{id: p, primitives: [P]}], primitives: [{id: P, control: fixed, observables: [{id: O, data_component: DC0032, predicate: ${predicate}}]}]}`,
    'made.yaml',
  ).techniques;

function documentOf(
  children: readonly (readonly [string, string | null])[],
  kind: 'open' | 'closed',
): ChildrenDocument {
  return {
    schema: 'winnow.children/1',
    parent: { image: 'parent.exe' },
    children: children.map(([image, path]) => ({ image, path })),
    generic: [{ image: 'WerFault.exe', why: '' }],
    verdict: { kind },
  } as unknown as ChildrenDocument;
}

const CLOSED = documentOf([['cofire.exe', '%windir%\\system32\\cofire.exe']], 'closed');

describe('a question for children of a parent', () => {
  it('has no hit by the file where none of the children that it names would be one', () => {
    const figure = staticFigures(techniqueOf("{ParentImage|endswith: '\\parent.exe', Image|contains: 'a'}"), [CLOSED]);
    expect(figure.get('O')).toMatchObject({
      hitsPerDay: undefined,
      reason: expect.stringContaining('WerFault.exe would be a hit'),
    });
    const shell = "{ParentImage|endswith: '\\parent.exe', Image|endswith: ['\\cmd.exe', '\\pwsh.exe']}";
    expect(staticFigures(techniqueOf(shell), [CLOSED]).get('O')).toMatchObject({
      hitsPerDay: { p50: 0, p90: 0 },
      measured: [{ parent: 'parent.exe', children: ['cofire.exe', 'WerFault.exe'], hits: [] }],
    });
  });

  it('is answered by the path that a child is started from', () => {
    const outside = "{ParentImage|endswith: '\\parent.exe', Image|startswith: 'C:\\Windows\\System32\\'}";
    expect(staticFigures(techniqueOf(outside), [CLOSED]).get('O')?.reason).toContain(
      'cofire.exe, WerFault.exe would be a hit',
    );
  });

  it('has no figure by a parent that starts what it is told', () => {
    const figure = staticFigures(techniqueOf("{ParentImage|endswith: '\\parent.exe', Image|contains: 'nobody'}"), [
      documentOf([], 'open'),
    ]);
    expect(figure.get('O')).toMatchObject({ hitsPerDay: undefined, reason: expect.stringContaining('does not bound') });
  });

  it('is nothing that a document of another parent answers, nor a question for any parent', () => {
    expect(
      staticFigures(techniqueOf("{ParentImage|endswith: '\\else.exe', Image|contains: 'nobody'}"), [CLOSED]).size,
    ).toBe(0);
    expect(staticFigures(techniqueOf("{Image|contains: 'nobody'}"), [CLOSED]).size).toBe(0);
  });
});
