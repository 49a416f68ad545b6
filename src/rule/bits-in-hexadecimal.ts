// Tests of bits as regular expressions over hexadecimal text, for rule languages that know no bits, where Windows writes the field so.

import { type Condition, walk } from './condition.ts';
import type { BitsTest, RegexTest, ValueTest } from './value-test.ts';

/** Fields that manifests of Windows' providers declare as win:HexInt32 or win:HexInt64, which every rendering writes as "0x1410" (Sysmon 10; Security 4656, 4663, 4625, 4738, 4768, 4769). */
const HEXADECIMAL: ReadonlySet<string> = new Set(
  [
    'GrantedAccess',
    'AccessMask',
    'Status',
    'SubStatus',
    'TicketOptions',
    'TicketEncryptionType',
    'OldUacValue',
    'NewUacValue',
  ].map((name) => name.toLowerCase()),
);

const DIGITS = '0123456789abcdef';

/** The same condition without tests of bits; null where it has none, or one of a field that is not known to be written in hexadecimal. */
export function withoutBits(condition: Condition): Condition | null {
  const tested = [...walk(condition)].flatMap((node) =>
    node.kind === 'match' && node.values.some(({ kind }) => kind === 'bits') ? [node.field] : [],
  );
  if (tested.length === 0 || !tested.every((field) => HEXADECIMAL.has(field.toLowerCase()))) return null;
  return rewritten(condition);
}

function rewritten(condition: Condition): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { kind: condition.kind, of: condition.of.map(rewritten) };
    case 'not':
    case 'named':
      return { ...condition, of: rewritten(condition.of) };
    case 'match':
      return {
        ...condition,
        values: condition.values.map((test): ValueTest => (test.kind === 'bits' ? bitsRegex(test) : test)),
      };
    default:
      return condition;
  }
}

/** The numbers that have the bits, as they are written in hexadecimal with "0x". */
export function bitsRegex({ mask, wanted }: BitsTest): RegexTest {
  const digits = [...mask.toString(16)].map((digit) => Number.parseInt(digit, 16)).reverse();
  const source =
    wanted === 'all'
      ? `^0x[0-9a-f]*${[...digits]
          .reverse()
          .map((own) => digitClass((digit) => (digit & own) === own))
          .join('')}$`
      : `^0x[0-9a-f]*(?:${digits
          .flatMap((own, at) =>
            own === 0 ? [] : [`${digitClass((digit) => (digit & own) !== 0)}${at === 0 ? '' : `[0-9a-f]{${at}}`}`],
          )
          .join('|')})$`;
  return { kind: 'regex', source, syntax: 'perl', whole: false, cased: false, multiline: false, dotAll: false };
}

function digitClass(fits: (digit: number) => boolean): string {
  const fitting = [...DIGITS].filter((_, digit) => fits(digit));
  return fitting.length === DIGITS.length ? '[0-9a-f]' : `[${fitting.join('')}]`;
}
