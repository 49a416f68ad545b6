// Sigma selections over any fields: what they take, what they do not, and what is no selection.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BY_NAME } from '../../src/rule/binding.ts';
import { compileCondition } from '../../src/rule/evaluate.ts';
import type { TextPattern } from '../../src/rule/pattern.ts';
import { matchesPattern } from '../../src/rule/pattern-match.ts';
import { readSelection } from '../../src/rule/read/selection.ts';
import { patternOf } from '../../src/rule/read/sigma-modifiers.ts';

const EVENT: Readonly<Record<string, readonly string[]>> = {
  image: ['C:\\Windows\\System32\\net.exe'],
  commandline: ['net  USER Bob /add'],
  eventid: ['4720'],
  sourceip: ['10.1.2.3'],
  destip: ['fe80::1%4'],
  user: ['SYSTEM', 'bob'],
  empty: [''],
  same: ['C:\\Windows\\System32\\NET.exe'],
  share: ['\\\\server\\c$'],
};
const takes = (text: string): boolean =>
  compileCondition(readSelection(text), BY_NAME)((name) => EVENT[name.toLowerCase()] ?? []) === true;

describe('a selection', () => {
  it.each([
    ['Image|endswith: \\net.exe', true],
    ['Image|endswith: \\NET.EXE', true],
    ['Image|endswith|cased: \\NET.EXE', false],
    ['Image|startswith: c:\\windows', true],
    ['Image|contains: system32', true],
    ['Image: C:\\Windows\\\\*\\n?t.exe', true],
    ['Image: C:\\Windows\\\\*\\n?.exe', false],
    // A backslash in front of a wildcard takes its meaning.
    ['Image: C:\\Windows\\*\\net.exe', false],
    ['Image: net.exe', false],
    ['CommandLine|contains|all: [user, /add]', true],
    ['CommandLine|contains|all: [user, /delete]', false],
    ['CommandLine|contains: [nothing, /add]', true],
    ['CommandLine|contains|windash: -add', true],
    ['CommandLine|re: "user +\\\\w+ /add$"', false],
    ['CommandLine|re|i: "user +\\\\w+ /add$"', true],
    ['EventID: 4720', true],
    ['EventID: [4722, 4720]', true],
    ['EventID|gte: 4720', true],
    ['EventID|gt: 4720', false],
    ['EventID|lt: 4721', true],
    ['EventID|lte: 4719', false],
    ['EventID|neq: 4720', false],
    ['EventID|neq: 4721', true],
    ['SourceIp|cidr: 10.0.0.0/8', true],
    ['SourceIp|cidr: [192.168.0.0/16, 10.1.0.0/16]', true],
    ['SourceIp|cidr: 10.2.0.0/16', false],
    ['DestIp|cidr: fe80::/10', true],
    ['DestIp|cidr: 0.0.0.0/0', false],
    ['User: bob', true],
    ['Gone: null', true],
    ['Empty: null', true],
    ['User: null', false],
    ['Gone|exists: false', true],
    ['Empty|exists: true', true],
    ['Image|fieldref: Same', true],
    ['Image|fieldref|cased: Same', false],
    ['Share: \\\\\\\\server\\\\*', true],
    ['Share|startswith: \\\\\\\\server', true],
    ['{EventID: 4720, User: bob}', true],
    ['{EventID: 4720, User: carol}', false],
    ['[{EventID: 1}, {User: bob}]', true],
    ['[{EventID: 1}, {User: carol}]', false],
  ])('%s is %s', (text, expected) => expect(takes(text)).toBe(expected));

  it.each([
    ['net.exe', /FIELD: VALUE is expected/],
    ['', /FIELD: VALUE is expected/],
    ['{}', /FIELD: VALUE is expected/],
    ['Image|endwith: x', /'endwith' is not known; these are: contains, startswith/],
    ['Image: {a: b}', /texts and numbers/],
    ['Image: []', /no value/],
    ['EventID|gt: many', /takes a number, not 'many'/],
    ['Ip|cidr: 10.0.0.0/33', /network such as/],
    ['Ip|cidr: 1.2.3', /network such as/],
    ['Image|exists: maybe', /true or false/],
    ['a: [b', /no selection/],
    ['a: &x [*x]', /.+/],
  ])('%s is none', (text, problem) => expect(() => readSelection(text)).toThrow(problem));
});

it('with a regular expression that is none cannot be evaluated', () =>
  expect(() => compileCondition(readSelection('CommandLine|re: "("'), BY_NAME)).toThrow(/Invalid regular expression/));

describe('a pattern', () => {
  /** The plainest way to say the same. */
  const slow = (pattern: TextPattern, text: string): boolean => {
    if (pattern.length === 0) return text === '';
    const [first, ...rest] = pattern;
    if (typeof first === 'string') return text.startsWith(first) && slow(rest, text.slice(first.length));
    if (first.any === 'one') return text !== '' && slow(rest, text.slice(1));
    return Array.from({ length: text.length + 1 }, (_, i) => text.slice(i)).some((tail) => slow(rest, tail));
  };

  it('fits what the plainest way says that it fits', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(letters, texts, (written, text) => {
        const pattern = patternOf(written);
        expect(matchesPattern(pattern, text, true)).toBe(slow(pattern, text));
      }),
      { numRuns: 3000 },
    );
  });

  it('of many wildcards is looked for once from each place', () => {
    const pattern = patternOf(`${'*a'.repeat(200)}b`);
    expect(matchesPattern(pattern, 'a'.repeat(20_000))).toBe(false);
  });
});

describe('bits, which are no modifier of Sigma', () => {
  const own = (text: string) => readSelection(text, { bits: true });
  const holds = (text: string, value: string): boolean =>
    compileCondition(own(text), BY_NAME)((name) => (name === 'GrantedAccess' ? [value] : [])) === true;

  it.each([
    ['GrantedAccess|bits: 0x10', '0x1010', true],
    ['GrantedAccess|bits: 16', '0x1410', true],
    ['GrantedAccess|bits: 0x10', '0x1000', false],
    ['GrantedAccess|bits: 0x10', '4112', true],
    ['GrantedAccess|bits: 0x1010', '0x10', false],
    ['GrantedAccess|bits: [0x40, 0x10]', '0x40', true],
    ['GrantedAccess|bits: 0x10', 'none', false],
  ])('%s of %s: %s', (text, value, wanted) => expect(holds(text, value)).toBe(wanted));

  it('are read only where they are asked for', () => {
    expect(() => readSelection('GrantedAccess|bits: 0x10')).toThrow(/the modifier 'bits' is not known/);
    expect(() => readSelection('GrantedAccess|bit: 0x10', { bits: true })).toThrow(/'bit' is not known.*, bits/);
  });

  it.each(['0', '-1', '1.5', 'read', '0x1FFFFFFFFFFFFFFFF', '99999999999999999999'])('take no %s', (text) =>
    expect(() => own(`GrantedAccess|bits: ${text}`)).toThrow(/takes a number such as 0x10/),
  );
  it.each(['contains', 're', 'cidr', 'gt'])('contradict %s', (word) =>
    expect(() => own(`GrantedAccess|bits|${word}: 0x10`)).toThrow(/contradict/),
  );
});
