// On which arguments of the parent a child depends, when it can be started in several ways, or stands in several builds.
import { describe, expect, it } from 'vitest';
import type { ParentArgument, When } from '../../src/children/document.ts';
import { eitherWhen, whenAll, whenIn } from '../../src/children/when.ts';

const argument = (texts: string, address = '0x1'): ParentArgument => ({
  anyOf: texts.split('|'),
  comparedAt: [{ module: 'a.exe', address }],
});
const when = (...all: readonly string[]): When | undefined => whenAll(all.map((texts) => argument(texts)));
const shown = (one: When | undefined): string[] =>
  (one?.parentArguments ?? []).map(({ anyOf }) => anyOf.join('|')).sort();

describe('all arguments of one way', () => {
  it('are told once each, letter case aside, and none where there are none', () => {
    expect(shown(when('-k', '-K', '-s'))).toEqual(['-K', '-s']);
    expect(when()).toBeUndefined();
  });

  it('leave out what others say more exactly', () => {
    expect(shown(when('-k|-s', '-s'))).toEqual(['-s']);
    expect(shown(when('-k|-s', '-t'))).toEqual(['-k|-s', '-t']);
  });
});

describe('several ways to the same child', () => {
  it('need what all of them need, and one of what each needs beside', () => {
    expect(shown(eitherWhen([when('-k', '-a'), when('-k', '-b')]))).toEqual(['-a|-b', '-k']);
    expect(shown(eitherWhen([when('-k'), when('/k')]))).toEqual(['-k|/k']);
    expect(shown(eitherWhen([when('-k', '-a'), when('-k')]))).toEqual(['-k']);
  });

  it('need nothing where one of them needs nothing', () => {
    expect(eitherWhen([when('-k'), undefined])).toBeUndefined();
    expect(eitherWhen([])).toBeUndefined();
  });

  it('need nothing where too many texts would have to be told', () => {
    const ways = Array.from({ length: 13 }, (_, i) => when(`-${i}`));
    expect(eitherWhen(ways)).toBeUndefined();
    expect(shown(eitherWhen(ways.slice(1)))).toHaveLength(1);
  });

  it('keep every place at which the texts are compared', () => {
    const both = eitherWhen([whenAll([argument('-k', '0x1')]), whenAll([argument('-K', '0x2')])]);
    expect(both?.parentArguments[0].comparedAt.map(({ address }) => address)).toEqual(['0x1', '0x2']);
  });
});

describe('a build', () => {
  it('marks each place', () => {
    expect(whenIn('x64', when('-k')).when?.parentArguments[0].comparedAt).toEqual([
      { build: 'x64', module: 'a.exe', address: '0x1' },
    ]);
    expect(whenIn('x64', undefined)).toEqual({});
  });
});
