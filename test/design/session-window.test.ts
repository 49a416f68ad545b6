// A session's window that is no time, or ends before it begins, is refused where it stands; without, the session would be read whole or not at all.
import { describe, expect, it } from 'vitest';
import { isoTime } from '../../src/design/iso-time.ts';
import { DossierError } from '../../src/design/read/dossier-error.ts';
import { readDossiers } from '../../src/design/read/read-dossiers.ts';

const read = (window: string) =>
  readDossiers(
    `schema: design.technique/1
id: T
procedures: [{id: p, primitives: [A]}]
primitives: [{id: A, control: fixed}]
sessions:
  - {id: S, path: s.json, label: attack, window: ${window}}
`,
    'd.yaml',
  ).techniques[0];

const problemOf = (window: string): string => {
  try {
    read(window);
  } catch (error) {
    if (error instanceof DossierError) return error.message;
    throw error;
  }
  return '';
};

describe('the window of a session', () => {
  it.each([
    '{from: 2020-09-04, to: 2020-09-05}',
    '{from: "2020-09-04T09:00:00Z", to: "2020-09-04T11:30:00+02:00"}',
    '{from: 2020-09-04 09:00}',
    '{to: "2020-09-04T09:00:00.1234567Z"}',
    '{from: 2020-09-04, to: 2020-09-04}',
  ])('%s is read', (window) => expect(read(window).sessions[0].window).toBeDefined());

  it.each([
    ['{from: 2026-99-99}', /^d\.yaml:6:\d+: 'from' is a time such as .*, not '2026-99-99'/],
    ['{from: 2026-02-31, to: 2026-03-02}', /'from' is a time/],
    ['{to: nonsense}', /'to' is a time such as .*, not 'nonsense'/],
    ['{from: "2020-09-04T25:00Z"}', /'from' is a time/],
    ['{from: 2020-09-05, to: 2020-09-04}', /a window ends after it begins: '2020-09-04' is before '2020-09-05'/],
    ['{from: "2020-09-04T09:00+01:00", to: "2020-09-04T07:59:59Z"}', /ends after it begins/],
  ])('%s is refused', (window, message) => expect(problemOf(window)).toMatch(message));

  it('is in UTC where it has no zone, and of a day its midnight', () => {
    expect(isoTime('2020-09-04')).toBe(Date.UTC(2020, 8, 4));
    expect(isoTime('2020-09-04 09:00')).toBe(Date.UTC(2020, 8, 4, 9));
    expect(isoTime('2020-09-04T09:00:00,5+0130')).toBe(Date.UTC(2020, 8, 4, 7, 30, 0, 500));
  });
});
