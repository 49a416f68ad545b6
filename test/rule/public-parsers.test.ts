// The emitted rules read by other people's parsers: PyPI eql (Elastic's dialect) and pySigma, where Python has them.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { emitRules, ruleFor } from '../../src/children/child-rule.ts';
import type { RuleLanguage } from '../../src/children/document.ts';
import { like, not } from '../../src/rule/condition.ts';
import { languages } from '../../src/rule/emit/index.ts';
import { ANY_MANY, ANY_ONE, joinPatterns, literal, type TextPattern } from '../../src/rule/pattern.ts';
import { eventQuery } from '../../src/rule/query.ts';
import { readSigma } from '../../src/rule/read/sigma.ts';
import { glowService, hostile, lantern, oldLamp, openConsole } from './example-documents.ts';

function python(script: string, input: unknown): { readonly ok: boolean; readonly out: string } {
  const run = spawnSync('python3', ['-c', script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return { ok: run.status === 0, out: run.status === 0 ? run.stdout : `${run.error ?? ''}${run.stderr}` };
}

function importable(module: string): boolean {
  const found = python(`import ${module}`, null).ok;
  if (!found)
    console.log(`skipped: the rules are not read by the public parser, because python3 cannot import ${module}`);
  return found;
}

const PARSED: readonly RuleLanguage[] = ['eql', 'elastic', 'sigma'];
const RULES = [lantern, oldLamp, openConsole, hostile, glowService].flatMap((document) =>
  emitRules(document, {
    languages: PARSED,
    date: '2024-02-29',
    host: document === glowService ? 'svchost.exe' : undefined,
  }),
);
const textsOf = (language: RuleLanguage) => RULES.filter((rule) => rule.language === language).map((rule) => rule.text);

/** Patterns that strain the escaping, one comparison each. */
const PATTERNS: readonly TextPattern[] = [
  literal('a "quoted" \\ back\\\\slash\\'),
  literal('*literal* ?'),
  joinPatterns([ANY_ONE, ':'], literal('\\Windows\\a*b\\'), [ANY_MANY], literal('\\c.exe')),
  joinPatterns([ANY_MANY], literal('\\\\server\\share\\'), [ANY_MANY]),
  literal("' # // /* */ ''' ``` : - @ %"),
  literal('tab\tand Ünter'),
];

// eql 1.0.1 reads no string with two \u{} escapes (its pattern for them is greedy); Elasticsearch does. No example has two in one string.
const EQL_SCRIPT = `
import json, sys, eql
from eql.parser import elasticsearch_syntax, parse_query
def literals(node):
    return [n.value for n in node if isinstance(n, eql.ast.String)]
out = []
for text in json.load(sys.stdin):
    with elasticsearch_syntax, eql.parser.skip_optimizations:
        out.append(literals(parse_query(text)))
print(json.dumps(out))
`;

describe.skipIf(!importable('eql'))('PyPI eql', () => {
  it('parses every EQL rule, comments and all, and every query of an Elastic rule', () => {
    const queries = textsOf('elastic').map((text) => (parseToml(text) as { rule: { query: string } }).rule.query);
    const texts = [...textsOf('eql'), ...queries];
    const { ok, out } = python(EQL_SCRIPT, texts);
    expect(ok, out).toBe(true);
    const read = JSON.parse(out) as string[][];
    expect(read).toHaveLength(10);
    expect(read[0]).toContain('?:\\Windows\\System32\\wickhelper.exe');
    expect(read.slice(0, 5)).toEqual(read.slice(5));
  });

  it('reads the literals that were written', () => {
    const plain = [PATTERNS[0], literal("' # // /* */ ''' ``` : - @ %"), literal('tab\tand 1')];
    const base = ruleFor(lantern, { languages: [] }).rule;
    const texts = plain.map((pattern) =>
      languages.eql.emit({ ...base, query: eventQuery(like('process.commandLine', pattern)) }),
    );
    const { ok, out } = python(EQL_SCRIPT, texts);
    expect(ok, out).toBe(true);
    const read = JSON.parse(out) as string[][];
    for (const [index, pattern] of plain.entries()) expect(read[index]).toContain(pattern[0]);
  });
});

const SIGMA_SCRIPT = `
import json, sys
from sigma.collection import SigmaCollection
from sigma.types import SigmaString, SpecialChars
names = {SpecialChars.WILDCARD_MULTI: {"any": "many"}, SpecialChars.WILDCARD_SINGLE: {"any": "one"}}
def items(node):
    for item in node.detection_items:
        if hasattr(item, "detection_items"):
            yield from items(item)
        else:
            yield item
out = []
for text in json.load(sys.stdin):
    collection = SigmaCollection.from_yaml(text)
    rule = collection.rules[0]
    assert not rule.errors, rule.errors
    for condition in rule.detection.parsed_condition:
        condition.parsed
    values = []
    for detection in rule.detection.detections.values():
        for item in items(detection):
            for value in item.value:
                assert isinstance(value, SigmaString), value
                values.append([item.field, [names.get(part, part) for part in value.s]])
    out.append([rule.title, values])
print(json.dumps(out))
`;

// What pySigma makes of each rule's conditions, without where a part hangs in the tree.
const SIGMA_CONDITIONS = `
import json, re, sys
from sigma.collection import SigmaCollection
from sigma.conditions import ConditionItem
def shown(node):
    if isinstance(node, ConditionItem):
        return [type(node).__name__] + [shown(one) for one in node.args]
    return [type(node).__name__, getattr(node, "field", None), re.sub(" at 0x[0-9a-f]+", "", repr(node.value))]
def conditions(text):
    collection = SigmaCollection.from_yaml(text)
    out = []
    for rule in collection.rules:
        assert not rule.errors, rule.errors
        if hasattr(rule, "detection"):
            out.append(json.dumps([shown(condition.parsed) for condition in rule.detection.parsed_condition]))
        else:
            out.append(str(rule.type))
    return out
print(json.dumps([[one for text in texts for one in conditions(text)] for texts in json.load(sys.stdin)]))
`;

describe.skipIf(!importable('sigma.collection'))('pySigma', () => {
  it('parses every Sigma rule and its condition', () => {
    const { ok, out } = python(SIGMA_SCRIPT, textsOf('sigma'));
    expect(ok, out).toBe(true);
    const read = JSON.parse(out) as [string, [string, TextPattern][]][];
    expect(read.map(([title]) => title).slice(0, 3)).toEqual([
      'Unusual Child Process of Lantern.exe',
      'Unusual Child Process of OldLamp.exe',
      'Child Process of OpenConsole.exe from an Unprotected Folder',
    ]);
    expect(read[0][1]).toContainEqual(['Image', [{ any: 'one' }, ':\\Windows\\System32\\wickhelper.exe']]);
    expect(read[0][1]).toContainEqual(['Image', [{ any: 'many' }, '\\glow.exe']]);
  });

  it('parses the example rules as they are and as they are written again', () => {
    const folder = new URL('../../fixtures/rules/', import.meta.url);
    const given = readdirSync(folder)
      .filter((name) => name.endsWith('.yml'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8'));
    const written = given.map((text) =>
      readSigma(text)
        .rules.map((rule) => languages.sigma.emit(rule))
        .join('---\n'),
    );
    const { ok, out } = python(SIGMA_CONDITIONS, [given, written]);
    expect(ok, out).toBe(true);
    const [before, after] = JSON.parse(out) as string[][];
    expect(before.length).toBeGreaterThan(10);
    expect(after).toEqual(before);
  });

  it('reads the patterns that were written', () => {
    const base = ruleFor(lantern, { languages: [] }).rule;
    const texts = PATTERNS.map((pattern) =>
      languages.sigma.emit({ ...base, query: eventQuery(not(like('process.commandLine', pattern))) }),
    );
    const { ok, out } = python(SIGMA_SCRIPT, texts);
    expect(ok, out).toBe(true);
    const read = JSON.parse(out) as [string, [string, TextPattern][]][];
    expect(read.map(([, values]) => values[0][1])).toEqual(PATTERNS);
  });
});
