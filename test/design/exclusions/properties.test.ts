// Of any hits: no exclusion hides a labelled attack, a forced one cannot be met by a rewritten one, a free one has somebody who answers for it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mineExclusions } from '../../../src/design/exclusions/mine-exclusions.ts';
import { rowTest } from '../../../src/design/exclusions/row-values.ts';
import type { Row } from '../../../src/history/question.ts';
import { readSelection } from '../../../src/rule/read/selection.ts';
import { LSASS, observable, predicate } from './observable.ts';

const image = fc.constantFrom(
  'C:\\Windows\\System32\\svchost.exe',
  'C:\\WINDOWS\\system32\\cmd.exe',
  'C:\\Program Files\\A\\a.exe',
  'C:\\Program Files\\A\\b.exe',
  'C:\\Users\\ada\\a.exe',
  'C:\\Users\\bea\\a.exe',
  '\\\\host\\share\\a.exe',
  '<unknown process>',
);
const access = fc.oneof(
  fc.constantFrom('0x10', '0x1010', '0x1000', '0x1400', '0x1fffff', '0x0'),
  fc.constantFrom('', '-', '%%4490', '16', ' 0x30 '),
);
const address = fc.constantFrom('10.0.0.1', '10.0.0.9', '10.1.0.1', '::1', 'fe80::1', '::ffff:10.0.0.1');
const odd = fc.oneof(fc.constantFrom('a*b', "it's", 'x?y', '\\', '{a: b}', '\ud800'), fc.string({ maxLength: 6 }));
const values = fc.record({
  SourceImage: fc.option(image),
  TargetImage: fc.constantFrom(
    'C:\\Windows\\System32\\lsass.exe',
    'C:\\x\\lsass.exe',
    'C:\\Windows\\System32\\winlogon.exe',
  ),
  GrantedAccess: fc.option(access),
  SourceIp: fc.option(address),
  CallTrace: fc.option(odd),
});
const benign = fc.array(fc.record({ values, count: fc.integer({ min: 1, max: 30 }) }), { maxLength: 25 });
const attacks = fc.array(fc.record({ values, count: fc.constant(1), session: fc.constantFrom('one', 'two') }), {
  maxLength: 6,
});
const forced = fc.constantFrom<Record<string, string>[]>(
  {},
  { GrantedAccess: 'bit 0x10 set' },
  { GrantedAccess: 'any of the bits 0x10, 0x400' },
  { GrantedAccess: 'bit 0x1000 clear' },
  { TargetImage: 'lsass.exe' },
  { TargetImage: 'lsass.exe', GrantedAccess: '0x10 set' },
  { SourceIp: '10.0.0.1' },
  { CallTrace: 'words that mean something' },
);
const input = fc.record({
  benign,
  attacks,
  forced,
  free: fc.subarray(['SourceImage', 'CallTrace', 'GrantedAccess other bits']),
  attackerRights: fc.constantFrom('user', 'administrator', 'system', undefined, 'x'),
  answers: fc.option(
    fc.record({ owner: fc.constantFrom('soc', ''), expiry: fc.constantFrom('2027-01-31', '2020-01-01', '') }),
    {
      nil: undefined,
    },
  ),
  accepted: fc.constantFrom(
    "SourceImage|endswith: '\\a.exe'",
    'SourceIp|cidr: 10.0.0.0/8',
    '{GrantedAccess|bits: 0x1000}',
  ),
  budget: fc.integer({ min: 0, max: 20 }),
});

const handle = <T extends object>(access: string, more: T = {} as T) => ({
  values: {
    SourceImage: null,
    TargetImage: 'C:\\Windows\\System32\\lsass.exe',
    GrantedAccess: access,
    SourceIp: null,
    CallTrace: null,
  },
  count: 1,
  ...more,
});

/** Two bits are set in all of the noise, and each in one attack: both have to be asked for. */
const TWO_PARTS_OF_A_FIELD = {
  benign: [handle('0x1010'), handle('0x1fffff')],
  attacks: [handle('16', { session: 'one' }), handle('0x1400', { session: 'one' })],
  forced: {},
  free: [],
  attackerRights: 'user',
  answers: { owner: 'soc', expiry: '2027-01-31' },
  accepted: "SourceImage|endswith: '\\a.exe'",
  budget: 0,
} as unknown as typeof input extends fc.Arbitrary<infer T> ? T : never;

function mine({ forced: said, free, accepted, ...rest }: typeof input extends fc.Arbitrary<infer T> ? T : never) {
  return mineExclusions({
    ...rest,
    observable: observable(LSASS, said, free),
    acceptances: [
      { predicate: predicate(accepted), owner: 'ada', expiry: '2027-01-31' },
      { predicate: predicate(accepted), owner: '', expiry: '2027-01-31' },
    ],
    today: '2026-11-28',
  });
}

/** What the forced texts above mean, written apart from the code. */
const MEANT: Readonly<Record<string, (value: string | null) => boolean>> = {
  'bit 0x10 set': (value) => bitsOf(value) !== undefined && (bitsOf(value)! & 0x10) !== 0,
  '0x10 set': (value) => bitsOf(value) !== undefined && (bitsOf(value)! & 0x10) !== 0,
  'any of the bits 0x10, 0x400': (value) => bitsOf(value) !== undefined && (bitsOf(value)! & 0x410) !== 0,
  'bit 0x1000 clear': (value) => bitsOf(value) !== undefined && (bitsOf(value)! & 0x1000) === 0,
  'lsass.exe': (value) => value !== null && /(?:^|\\)lsass\.exe$/i.test(value),
  '10.0.0.1': (value) => value === '10.0.0.1',
};

function bitsOf(value: string | null): number | undefined {
  const text = value?.trim() ?? '';
  return /^(?:0x[\da-f]+|\d+)$/i.test(text) ? Number(text) : undefined;
}

describe('of any hits', () => {
  it('no exclusion hides a labelled attack event that does the primitive, and weaker ones hide none at all', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { exclusions, forced: read } = mine(given);
        const does = (row: Row): boolean =>
          read.length === 0 ||
          Object.entries(given.forced).every(([field, text]) => MEANT[text]?.(row.values[field] ?? null) ?? true);
        for (const { condition, entry } of exclusions) {
          const hidden = given.attacks.filter(rowTest(condition));
          expect(entry.class === 'forced' ? hidden.filter(does) : hidden).toEqual([]);
          expect(entry.proof.attack_events_hidden).toBe(0);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('a forced exclusion holds of no event that is as the dossier says, whatever else is rewritten', () => {
    fc.assert(
      fc.property(input, values, (given, other) => {
        const { exclusions } = mine(given);
        const meant = Object.entries(given.forced);
        if (!meant.every(([field, text]) => MEANT[text]?.(other[field as keyof typeof other]))) return;
        for (const { condition, entry } of exclusions)
          if (entry.class === 'forced') expect(rowTest(condition)({ values: other, count: 1 })).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  it('free ones have an owner, a day and how they are abused; forced ones are evaded by none; none is forced without a forced part', () => {
    fc.assert(
      fc.property(input, (given) => {
        const mined = mine(given);
        for (const entry of mined.entries) {
          if (entry.class === 'free')
            expect(
              [entry.owner, entry.expiry, entry.abuse].every((text) => text !== undefined && text.trim() !== ''),
            ).toBe(true);
          else expect(entry.proof.evadable).toBe(0);
          if (entry.class === 'forced') expect(Object.keys(given.forced)).not.toEqual([]);
        }
        expect(mined.residual.left).toBe(mined.residual.benign - mined.residual.excluded);
      }),
      { numRuns: 400 },
    );
  });

  it('what is excluded is what the conditions hold of, and the selection in the document says the same', () => {
    fc.assert(
      fc.property(input, (given) => {
        const mined = mine(given);
        const holds = mined.condition ? rowTest(mined.condition) : () => false;
        const events = given.benign.filter(holds).reduce((sum, { count }) => sum + count, 0);
        expect(mined.residual.excluded).toBe(events);
        for (const { entry, condition } of mined.exclusions) {
          if (entry.predicate.includes('\ufffd')) continue;
          const read = rowTest(readSelection(entry.predicate, { bits: true }));
          for (const row of [...given.benign, ...given.attacks]) expect(read(row)).toBe(rowTest(condition)(row));
        }
      }),
      { numRuns: 300, examples: [[TWO_PARTS_OF_A_FIELD]] },
    );
  });
});
