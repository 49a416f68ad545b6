// The functions of EQL and its operators give what Elastic's reference says of each, and the first dialect's what its guide says.
import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../src/rule/evaluate.ts';
import { compileExpression } from '../../src/rule/evaluate-expression.ts';
import type { Result } from '../../src/rule/functions.ts';
import { type EqlOptions, readEql } from '../../src/rule/read/eql.ts';
import { JSON_BINDING, type JsonEvent } from '../hunt/json-binding.ts';

const EVENT: JsonEvent = {
  'file.path': 'C:\\Windows\\System32\\cmd.exe',
  'url.domain': 'subdomain.example.com',
  'process.name': 'regsvr32.exe',
  'process.command_line': 'start regsvr32.exe',
  'process.args_count': 4,
  'process.parent.args_count': 2,
  'process.pid': '1337',
  'source.address': '192.168.152.12',
  'user.names': ['root', 'Guest'],
  'user.empty': '',
  'file.signed': true,
  '@timestamp': '2024-05-01T10:00:00.500Z',
};

/** What an expression is for the event. */
function resultOf(text: string, options?: EqlOptions): Result {
  const query = readEql(`any where ${text} == 1`, options);
  if (query.kind !== 'event' || query.condition.kind !== 'compare') throw new Error(`${text} is no expression`);
  return compileExpression(query.condition.left, JSON_BINDING, compileCondition)(EVENT);
}

function truthOf(text: string, options?: EqlOptions): boolean | null {
  const query = readEql(`any where ${text}`, options);
  if (query.kind !== 'event') throw new Error(`${text} is no condition`);
  return compileCondition(query.condition, JSON_BINDING)(EVENT);
}

describe("functions of Elastic's EQL", () => {
  it.each<[string, Result]>([
    ['add(4, 0.5)', 4.5],
    ['add(process.args_count, process.parent.args_count)', 6],
    ['add(null, process.args_count)', null],
    ['between(file.path, "System32\\\\", ".exe")', 'cmd'],
    ['between(file.path, "system32\\\\", ".exe")', ''],
    ['between~(file.path, "system32\\\\", ".exe")', 'cmd'],
    ['between(file.path, "\\\\", "\\\\", false)', 'Windows'],
    ['between(file.path, "\\\\", "\\\\", true)', 'Windows\\System32'],
    ['between(null, "a", "b")', null],
    ['concat(process.name, " ", 42.5)', 'regsvr32.exe 42.5'],
    ['concat(process.name, " ", true)', 'regsvr32.exe true'],
    ['concat(process.name, null)', null],
    ['divide(4, 3)', 1],
    ['divide(4, 3.0)', 4 / 3],
    ['divide(12, process.args_count)', 3],
    ['divide(4, null)', null],
    ['divide(4, 0)', null],
    ['indexOf(url.domain, "d")', 3],
    ['indexOf(url.domain, "D")', null],
    ['indexOf~(url.domain, "D")', 3],
    ['indexOf(url.domain, ".", 9)', 9],
    ['indexOf(url.domain, ".", 10)', 17],
    ['indexOf(url.domain, ".", -6)', 9],
    ['indexOf(url.domain, "", 9)', 9],
    ['indexOf(url.domain, ".", 30)', null],
    ['indexOf(url.domain, ".", null)', null],
    ['length(process.name)', 12],
    ['length(user.empty)', 0],
    ['length(missing)', null],
    ['modulo(10, 6)', 4],
    ['modulo(10, -6)', 4],
    ['modulo(-10, -6)', -4],
    ['multiply(0.25, process.args_count)', 1],
    ['number("42.5")', 42.5],
    ['number("deadbeef", 16)', 3735928559],
    ['number("0xdeadbeef")', 3735928559],
    ['number("+1337")', 1337],
    ['number("  -1337  ")', -1337],
    ['number(process.pid)', 1337],
    ['number("0xdeadbeef", null)', 3735928559],
    ['number("1337", null)', 1337],
    ['number("")', null],
    ['string(42.5)', '42.5'],
    ['string(file.signed)', 'true'],
    ['string(null)', null],
    ['substring("start regsvr32.exe", 6)', 'regsvr32.exe'],
    ['substring("start regsvr32.exe", 6, 14)', 'regsvr32'],
    ['substring("start regsvr32.exe", -4, -1)', '.ex'],
    ['substring("start", 4, 2)', ''],
    ['subtract(10.5, 0.5)', 10],
    ['4 / 3', 1],
    ['4.0 / 3', 4 / 3],
    ['2 + 3 * 4 - 10 % 4', 12],
    ['-process.args_count', -4],
    ['length(user.names)', [4, 5]],
  ])('%s', (text, wanted) => expect(resultOf(text)).toEqual(wanted));

  it.each<[string, boolean | null]>([
    ['cidrMatch(source.address, "192.168.0.0/16")', true],
    ['CIDRMATCH(source.address, "10.0.0.0/8", "10.128.0.0/9")', false],
    ['cidrMatch(source.address, null)', null],
    ['endsWith(process.name, ".exe")', true],
    ['endsWith(process.name, ".EXE")', false],
    ['endsWith~(process.name, ".EXE")', true],
    ['endsWith("", "")', true],
    ['endsWith("x", null)', null],
    ['startsWith("regsvr32.exe", process.name)', true],
    ['startsWith~(process.name, "REG")', true],
    ['stringContains(process.command_line, process.name)', true],
    ['stringContains(process.command_line, "Regsvr32")', false],
    ['stringContains~(process.command_line, "Regsvr32")', true],
    ['stringContains(process.command_line, "")', false],
    ['wildcard(process.name, "*explorer*", "REG*")', false],
    ['wildcard~(process.name, "*explorer*", "REG*")', true],
    // What a field that is not there leaves open stays open under "not"; a comparison with a constant does not.
    ['not stringContains(missing, "a")', false],
    ['not (file.signed == true and endsWith(missing, "a"))', null],
    ['not missing == "a"', true],
    ['missing != "a"', true],
    ['missing > 4', false],
    ['length(missing) > 4', null],
    ['missing == null', true],
    ['user.empty != null', true],
    ['length(missing) == null', true],
  ])('%s', (text, wanted) => expect(truthOf(text)).toBe(wanted));
});

describe("comparisons of Elastic's EQL", () => {
  it.each<[string, boolean]>([
    ['process.name == "regsvr32.exe"', true],
    ['process.name == "Regsvr32.exe"', false],
    ['process.name == "reg*"', false],
    ['process.name : "REG*"', true],
    ['process.name : "regsvr3?.exe"', true],
    ['process.name : "regsvr?.exe"', false],
    ['process.name : ("a", "REGSVR32.EXE")', true],
    ['process.name like "reg*"', true],
    ['process.name like "REG*"', false],
    ['process.name like~ "REG*"', true],
    ['process.name regex "reg[a-z]+[0-9]{2}.exe"', true],
    ['process.name regex "reg"', false],
    ['process.name regex~ ("x", "REG.*")', true],
    ['process.name in ("a", "regsvr32.exe")', true],
    ['process.name in ("a", "Regsvr32.exe")', false],
    ['process.name in~ ("a", "Regsvr32.exe")', true],
    ['process.name not in ("a", "b")', true],
    ['process.args_count in (1, 2, 4)', true],
    ['process.args_count >= 4 and 4 >= process.args_count', true],
    ['file.signed', true],
    ['file.signed != true', false],
    ['process.name >= "reg" and process.name < "rex"', true],
    // Times compare as dates, whatever zone or precision they are written in.
    ['@timestamp == "2024-05-01T12:00:00.500+02:00"', true],
    ['@timestamp > "2024-05-01"', true],
    ['@timestamp <= "2024-05-01T10:00:00Z"', false],
    // A list holds if any value does.
    ['user.names == "root"', true],
    ['user.names : "guest"', true],
    ['user.names != "root"', false],
    ['length(user.names) == 5', true],
    ['not endsWith(user.names, "ot")', false],
    ['process.name == """regsvr32.exe"""', true],
    ['"regsvr32.exe" == process.name', true],
  ])('%s', (text, wanted) => expect(truthOf(text) === true).toBe(wanted));
});

describe('the first dialect', () => {
  const endgame = { dialect: 'endgame' } as const;
  it.each<[string, boolean]>([
    ["process.name = 'REGSVR32.exe'", true],
    ['process.name == "REG*"', true],
    ['process.name != "reg*"', false],
    ['process.name == "regsvr3?.exe"', false],
    ['missing != "x"', false],
    ['not missing == "x"', false],
    ['not (missing == "x" and process.name == "x")', true],
    ['null == (missing > 4)', true],
    ['arrayContains(user.names, "GUEST")', true],
    ['arraySearch(user.names, n, n == "gu*")', true],
    ['arrayCount(user.names, n, length(n) > 3) == 2', true],
    ['user.names[1] == "guest"', true],
    ['length(user.names) == 2', true],
    ['process.command_line:between("s", "r"):length() > 0', true],
    ["match(process.name, ?'reg\\w+\\.exe')", true],
    ["match(process.name, ?'svr')", false],
    ['-7 / 2 == -4', true],
    ['process.name in ("x", process.name)', true],
    ['safe(divide(process.name, process.name))', false],
    ['between(process.name, "q", "z") == null', true],
  ])('%s', (text, wanted) => expect(truthOf(text, endgame) === true).toBe(wanted));

  it('regards letter case where it is asked to', () =>
    expect(truthOf('process.name == "Regsvr32.exe"', { ...endgame, cased: true })).toBe(false));
});
