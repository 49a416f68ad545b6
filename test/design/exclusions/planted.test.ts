// In histories with a planted answer the forced exclusions are found, and no choice of as many leaves much less noise.
import { describe, expect, it } from 'vitest';
import { type PlantedHistory, type PlantedRow, plantedHistory } from '../../../fixtures/design/planted-history.ts';
import { mineExclusions } from '../../../src/design/exclusions/mine-exclusions.ts';
import { rowTest } from '../../../src/design/exclusions/row-values.ts';
import { LSASS, observable } from './observable.ts';

const HISTORIES = 100;
const MOST = 3;

const histories = Array.from({ length: HISTORIES }, (_, index) => plantedHistory(1000 + index));

function mine(history: PlantedHistory, withForced = true) {
  const forced = Object.fromEntries(withForced ? history.forced.map(({ field, text }) => [field, text]) : []);
  return mineExclusions({
    observable: observable(LSASS, forced, history.free),
    benign: history.benign,
    attacks: history.attacks,
    attackerRights: 'user',
    budget: 0,
    acceptances: [],
    today: '2026-11-28',
    options: { most: MOST },
  });
}

/** All that an exclusion may test here without a user being able to meet it: what breaks a forced part, and places that only administrators write to. */
function pool({ benign, attacks, breaks }: PlantedHistory): readonly ReadonlySet<PlantedRow>[] {
  const images = [...new Set(benign.map(({ values }) => values.SourceImage ?? ''))].filter((image) =>
    image.startsWith('C:\\Program Files\\'),
  );
  const starts = new Set(images.flatMap((image) => [image, image.replace(/[^\\]*$/, ''), 'C:\\Program Files\\']));
  const tests = [
    ...breaks,
    ...[...starts].map(
      (start) =>
        ({ values }: PlantedRow) =>
          (values.SourceImage ?? '').startsWith(start),
    ),
  ].filter((test) => !attacks.some(test));
  return tests.map((test) => new Set(benign.filter(test)));
}

/** The least noise that any choice of up to three of them leaves, by trying all. */
function leastLeft(history: PlantedHistory): number {
  const sets = pool(history);
  const total = history.benign.reduce((sum, { count }) => sum + count, 0);
  let most = 0;
  const choose = (from: number, covered: ReadonlySet<PlantedRow>, size: number): void => {
    let events = 0;
    for (const { count } of covered) events += count;
    most = Math.max(most, events);
    if (size === MOST) return;
    for (let at = from; at < sets.length; at++) choose(at + 1, new Set([...covered, ...sets[at]]), size + 1);
  };
  choose(0, new Set(), 0);
  return total - most;
}

describe(`${HISTORIES} planted histories`, () => {
  const results = histories.map((history) => ({ history, mined: mine(history) }));

  it('has the planted forced set found in at least 95', () => {
    const found = results.filter(({ history, mined }) => {
      const forced = mined.exclusions
        .filter(({ entry }) => entry.class === 'forced')
        .map(({ condition }) => rowTest(condition));
      const isSame = (row: PlantedRow): boolean =>
        forced.some((holds) => holds(row)) === history.breaks.some((breaks) => breaks(row));
      return forced.length === history.breaks.length && history.benign.every(isSame);
    });
    expect(found.length).toBeGreaterThanOrEqual(95);
  });

  it('leaves at most a tenth more noise than the best possible choice', () => {
    for (const { history, mined } of results) expect(mined.residual.left).toBeLessThanOrEqual(leastLeft(history) * 1.1);
  });

  it('hides no labelled attack event, lets none be rewritten, and proposes nothing free', () => {
    for (const { history, mined } of results) {
      for (const { condition } of mined.exclusions) expect(history.attacks.filter(rowTest(condition))).toEqual([]);
      expect(mined.replay).toEqual({ evadable: 0, attack_events: history.attacks.length });
      expect(mined.entries.filter((entry) => entry.class === 'free')).toEqual([]);
    }
  });

  it('calls none forced where the dossier names nothing that is', () => {
    for (const history of histories)
      expect(mine(history, false).entries.filter((entry) => entry.class === 'forced')).toEqual([]);
  });
});

describe('a cover in which the greedy choice is bad', () => {
  // Two values cover all; a third covers more than either, and then a third exclusion would be needed.
  const row = (Task: string, Step: string, count: number) => ({ values: { Task, Step }, count });
  const benign = [
    ...['left', 'right'].flatMap((side) => [
      row(side, 'both', 60),
      row(side, `${side}-one`, 20),
      row(side, `${side}-two`, 20),
    ]),
  ].map(({ values, count }) => ({ values: { Side: values.Task, Step: values.Step }, count }));

  it('is made better by an exchange', () => {
    const mined = mineExclusions({
      observable: observable('Kind: x', {}, ['Side', 'Step']),
      benign,
      attacks: [{ values: { Side: 'none', Step: 'other' }, count: 1, session: 's' }],
      attackerRights: 'user',
      budget: 0,
      acceptances: [],
      answers: { owner: 'soc', expiry: '2027-01-31' },
      today: '2026-11-28',
      options: { most: 2 },
    });
    expect(mined.residual.left).toBe(0);
  });
});
