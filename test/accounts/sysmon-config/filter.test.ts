// Sysmon's own rules about rules: conditions, "and" and "or", include and exclude, lists that are empty or absent, and the fields of events 12 to 14.
import { describe, expect, it } from 'vitest';
import { comparable, holds } from '../../../src/accounts/sysmon-config/conditions.ts';
import { decide } from '../../../src/accounts/sysmon-config/filter.ts';
import type { Condition } from '../../../src/accounts/sysmon-config/schema.ts';
import { configOf, deleteKey, logs, setValue, start } from './small-config.ts';

describe('conditions', () => {
  const value = 'C:\\Windows\\System32\\Net1.exe';
  it.each<[Condition, string, boolean]>([
    ['is', 'c:\\windows\\system32\\NET1.EXE', true],
    ['is', 'net1.exe', false],
    ['is not', 'net1.exe', true],
    ['is not', value, false],
    ['is any', `a;${value};b`, true],
    ['is any', 'a;net1.exe', false],
    ['contains', 'SYSTEM32', true],
    ['contains', 'syswow64', false],
    ['contains any', 'a9;system32', true],
    ['contains any', 'a9;b9', false],
    ['contains all', 'windows;net1', true],
    ['contains all', 'windows;b9', false],
    ['excludes', 'net1', false],
    ['excludes', 'b9', true],
    ['excludes any', 'net1;b9', false],
    ['excludes any', 'a9;b9', true],
    ['excludes all', 'net1;windows', false],
    ['excludes all', 'net1;b9', true],
    ['begin with', 'c:\\WIN', true],
    ['begin with', 'windows', false],
    ['not begin with', 'windows', true],
    ['not begin with', 'c:', false],
    ['end with', '\\net1.exe', true],
    ['end with', 'net', false],
    ['not end with', 'net', true],
    ['not end with', 'exe', false],
    ['less than', 'd', true],
    ['less than', 'b', false],
    ['more than', 'b', true],
    ['more than', 'd', false],
    ['image', 'NET1.exe', true],
    ['image', 'net.exe', false],
    ['image', 'system32\\net1.exe', false],
    ['image', value, true],
  ])('%s %s: %s', (condition, wanted, expected) => expect(holds(condition, comparable(wanted), value)).toBe(expected));

  it('compares numbers as texts', () => expect(holds('less than', '9', '10')).toBe(true));

  it('takes an empty part for all that follows it, at the end for any text', () => {
    expect(holds('contains any', 'zz;', value)).toBe(true);
    expect(holds('contains any', 'zz;;qq', value)).toBe(false);
    expect(holds('contains any', 'zz;;qq', 'a;qqb')).toBe(true);
    expect(holds('contains any', 'zz;', '')).toBe(false);
  });

  it('expands the variables that Windows has, and keeps others', () => {
    expect(holds('begin with', comparable('%SystemRoot%\\system32'), value)).toBe(true);
    expect(holds('contains', comparable('%nothing%'), 'a %NOTHING% b')).toBe(true);
  });
});

describe('rules of one list', () => {
  const two = '<Image condition="end with">a.exe</Image><TargetObject condition="contains">k</TargetObject>';
  const both = setValue({ Image: 'a.exe', TargetObject: 'k' });
  const one = setValue({ Image: 'a.exe', TargetObject: 'x' });
  const list = `<RegistryEvent onmatch="include">${two}</RegistryEvent>`;

  it('are joined by "and" since 4.2 and by "or" up to 4.1, without a group', () => {
    expect([logs(list, both, '4.22'), logs(list, one, '4.22')]).toEqual([true, false]);
    for (const version of ['3.4', '4.1', '4.10']) expect(logs(list, one, version)).toBe(true);
  });

  it('are joined as the group around them says, and not as one further out', () => {
    expect(logs(`<RuleGroup groupRelation="or">${list}</RuleGroup>`, one)).toBe(true);
    expect(logs(`<RuleGroup groupRelation="and">${list}</RuleGroup>`, one, '4.1')).toBe(false);
    expect(logs(`<RuleGroup groupRelation="or"><x>${list}</x></RuleGroup>`, one)).toBe(false);
    expect(logs(`<RuleGroup name="g">${list}</RuleGroup>`, one)).toBe(false);
  });

  it('are joined by "or" under "and" where they are for the same field', () => {
    const same =
      '<RegistryEvent onmatch="include"><Image condition="is">b</Image><Image condition="is">c</Image><TargetObject condition="contains">k</TargetObject></RegistryEvent>';
    expect(logs(same, setValue({ Image: 'b', TargetObject: 'k' }))).toBe(true);
    expect(logs(same, setValue({ Image: 'c', TargetObject: 'k' }))).toBe(true);
    expect(logs(same, setValue({ Image: 'd', TargetObject: 'k' }))).toBe(false);
    expect(logs(same, setValue({ Image: 'b', TargetObject: 'x' }))).toBe(false);
  });

  it('of a <Rule> must all hold under "and", also for one field', () => {
    const rule = (relation: string) =>
      `<RuleGroup groupRelation="or"><RegistryEvent onmatch="include"><Rule${relation}><TargetObject condition="begin with">a</TargetObject><TargetObject condition="end with">z</TargetObject></Rule></RegistryEvent></RuleGroup>`;
    expect(logs(rule(' groupRelation="and"'), setValue({ TargetObject: 'a-z' }))).toBe(true);
    expect(logs(rule(' groupRelation="and"'), setValue({ TargetObject: 'a-y' }))).toBe(false);
    expect(logs(rule(' groupRelation="or"'), setValue({ TargetObject: 'a-y' }))).toBe(true);
    // As Sysmon's code has it, against its documentation.
    expect(logs(rule(''), setValue({ TargetObject: 'a-y' }))).toBe(true);
  });

  it('of a <Rule> are joined with those beside it as the list says', () => {
    const list = (relation: string) =>
      `<RuleGroup groupRelation="${relation}"><RegistryEvent onmatch="include"><Image condition="is">b</Image><Rule groupRelation="and"><TargetObject condition="contains">k</TargetObject></Rule></RegistryEvent></RuleGroup>`;
    expect(logs(list('and'), setValue({ Image: 'b', TargetObject: 'x' }))).toBe(false);
    expect(logs(list('and'), setValue({ Image: 'b', TargetObject: 'k' }))).toBe(true);
    expect(logs(list('or'), setValue({ Image: 'c', TargetObject: 'k' }))).toBe(true);
  });
});

describe('lists', () => {
  const key = setValue({ TargetObject: 'k' });
  const include = '<RegistryEvent onmatch="include"><TargetObject>k</TargetObject></RegistryEvent>';
  const exclude = '<RegistryEvent onmatch="exclude"><TargetObject>k</TargetObject></RegistryEvent>';
  const none = (onmatch: string) => `<RegistryEvent onmatch="${onmatch}"/>`;

  it('that are absent: processes are logged, the registry is not', () => {
    expect(decide(configOf('').lists, key)).toEqual({ kind: 'off-by-default' });
    expect(decide(configOf('').lists, start({}))).toEqual({ kind: 'logged-by-default' });
  });

  it('that are empty: one that excludes logs all, one that includes logs nothing', () => {
    expect(decide(configOf(none('exclude')).lists, key)).toEqual({ kind: 'not-excluded' });
    expect(decide(configOf(none('include')).lists, key)).toEqual({ kind: 'not-included' });
  });

  it('that exclude go before those that include, wherever they stand', () => {
    for (const lists of [include + exclude, exclude + include])
      expect(decide(configOf(lists).lists, key)).toMatchObject({ kind: 'excluded' });
  });

  it('of both kinds log only what is included', () => {
    const other = setValue({ TargetObject: 'x' });
    expect(logs(exclude, other)).toBe(true);
    expect(decide(configOf(exclude + none('include')).lists, other)).toEqual({ kind: 'not-included' });
  });

  it('that exclude, two of them and none that includes, log nothing', () => {
    expect(decide(configOf(exclude + none('exclude')).lists, setValue({ TargetObject: 'x' }))).toEqual({
      kind: 'two-exclude-lists',
    });
  });

  it('of one event do not bear on another', () => {
    expect(logs(include, start({}))).toBe(true);
    expect(logs('<ProcessCreate onmatch="include"/>', key)).toBe(false);
  });

  it('give the rule that decides', () => {
    expect(decide(configOf(include, '4.1').lists, key)).toMatchObject({ entry: { field: 'TargetObject' } });
    expect(decide(configOf(include).lists, key)).toMatchObject({
      kind: 'included',
      entry: undefined,
      first: { field: 'TargetObject', line: 3, column: 34 },
    });
  });
});

describe('the fields of events 12 to 14', () => {
  const include = (rules: string) =>
    `<RuleGroup groupRelation="or"><RegistryEvent onmatch="include">${rules}</RegistryEvent></RuleGroup>`;

  it('a rule on Details holds for no deletion of a key, and a list with it still takes these by other rules', () => {
    const rules = include('<Details condition="is">1</Details><TargetObject condition="is">k</TargetObject>');
    expect(logs(rules, setValue({ Details: '1', TargetObject: 'x' }))).toBe(true);
    expect(logs(rules, deleteKey({ TargetObject: 'x' }))).toBe(false);
    expect(logs(rules, deleteKey({ TargetObject: 'k' }))).toBe(true);
  });

  it('a rule on User holds for event 12 alone, for User has another number in 13', () => {
    const rules = include('<User condition="is">u</User>');
    expect(logs(rules, deleteKey({ TargetObject: 'k' }))).toBe(true);
    expect(logs(rules, setValue({ TargetObject: 'k' }))).toBe(false);
    expect(
      logs(include('<User condition="is">u</User><Details>-none-</Details>'), setValue({ TargetObject: 'k' })),
    ).toBe(true);
  });
});
