// Elastic's rules are read with all that a person needs of them, refused by name with the place, and the same when written back.
import { describe, expect, it } from 'vitest';
import { elastic } from '../../src/rule/emit/elastic.ts';
import { compileCondition } from '../../src/rule/evaluate.ts';
import { readElastic } from '../../src/rule/read/elastic.ts';
import { readKuery } from '../../src/rule/read/kuery.ts';
import { RuleError } from '../../src/rule/read/rule-error.ts';
import { JSON_BINDING, type JsonEvent } from '../hunt/json-binding.ts';
import { withoutPlaces } from './without-places.ts';

const RULE = `[metadata]
creation_date = "2024/05/01"
integration = ["endpoint", "windows"]
maturity = "production"
updated_date = "2024/06/02"

[rule]
author = ["Somebody"]
description = """
A description over
two lines.
"""
false_positives = ["Administrators may do so."]
from = "now-9m"
index = ["logs-endpoint.events.process-*", "winlogbeat-*"]
language = "eql"
license = "Elastic License v2"
name = "Something Odd"
note = """## Triage

### Investigating *Something Odd*
- Look at \`process.args\`.
"""
references = ["https://example.org/a"]
risk_score = 47
rule_id = "11111111-2222-4333-8444-555555555555"
severity = "medium"
tags = ["Domain: Endpoint", "OS: Windows"]
type = "eql"

query = '''
process where event.type == "start" and
  process.name : ("a.exe", "b*.exe") and not process.parent.name == "c.exe"
'''

[[rule.threat]]
framework = "MITRE ATT&CK"
[[rule.threat.technique]]
id = "T1059"
name = "Command and Scripting Interpreter"
reference = "https://attack.mitre.org/techniques/T1059/"
[[rule.threat.technique.subtechnique]]
id = "T1059.001"
name = "PowerShell"
reference = "https://attack.mitre.org/techniques/T1059/001/"
[rule.threat.tactic]
id = "TA0002"
name = "Execution"
reference = "https://attack.mitre.org/tactics/TA0002/"

[[rule.threat]]
framework = "MITRE ATT&CK"
[rule.threat.tactic]
id = "TA0005"
name = "Defense Evasion"
reference = "https://attack.mitre.org/tactics/TA0005/"
`;

/** "line:column: message" of what is wrong with a text. */
function problem(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof RuleError) return `${error.at?.line}:${error.at?.column}: ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('a rule of Elastic', () => {
  it('is read whole', () => {
    const rule = readElastic(RULE);
    const execution = { id: 'TA0002', name: 'Execution' };
    expect(rule).toMatchObject({
      id: '11111111-2222-4333-8444-555555555555',
      title: 'Something Odd',
      description: 'A description over two lines.',
      status: 'stable',
      severity: 'medium',
      authors: ['Somebody'],
      license: 'Elastic License v2',
      date: '2024-05-01',
      modified: '2024-06-02',
      references: ['https://example.org/a'],
      falsePositives: ['Administrators may do so.'],
      threats: [
        { tactic: execution, technique: { id: 'T1059', name: 'Command and Scripting Interpreter' } },
        { tactic: execution, technique: { id: 'T1059.001', name: 'PowerShell' } },
      ],
      tactics: [{ id: 'TA0005', name: 'Defense Evasion' }],
      taxonomy: 'ecs',
      query: { kind: 'event', category: 'process' },
      elastic: {
        index: ['logs-endpoint.events.process-*', 'winlogbeat-*'],
        tags: ['Domain: Endpoint', 'OS: Windows'],
      },
    });
  });

  it('is the same when it was written', () => {
    const rule = readElastic(RULE);
    const written = elastic.emit(rule);
    const again = readElastic(written);
    expect(withoutPlaces(again)).toBe(withoutPlaces(rule));
    expect(elastic.emit(again)).toBe(written);
    expect(written).toContain('[[rule.threat.technique.subtechnique]]');
  });

  it.each<[string, string, string, RegExp]>([
    ['a query', 'and not process', 'and nor process', /^33:46: 'and', 'or', .* not 'process'/],
    ['TOML', 'severity = "medium"', 'severity = medium', /^27:12: no TOML/],
    ['no name', 'name = "Something Odd"', '', /'name' is missing/],
    ['a severity', 'severity = "medium"', 'severity = "bad"', /'severity' is low, medium/],
    ['another language', 'language = "eql"', 'language = "lucene"', /Lucene's language is not read/],
    ['a threshold', 'type = "eql"', 'type = "threshold"', /"threshold" is not read: it counts/],
    ['new terms', 'type = "eql"', 'type = "new_terms"', /"new_terms" is not read/],
    ['ES|QL', 'type = "eql"', 'type = "esql"', /"esql" is not read/],
    ['a model', 'type = "eql"', 'type = "machine_learning"', /"machine_learning" is not read/],
  ])('tells what is wrong: %s', (_, from, to, wanted) =>
    expect(problem(() => readElastic(RULE.replace(from, to)))).toMatch(wanted),
  );
});

describe("Kibana's query language", () => {
  const event: JsonEvent = {
    'process.name': 'cmd.exe',
    'process.args': ['cmd.exe', '/c', 'whoami'],
    'event.code': 4624,
    'file.path': 'C:\\Windows\\x y.dll',
    signed: true,
    when: '2024-05-01T10:00:00Z',
  };
  it.each<[string, boolean]>([
    ['process.name: cmd.exe', true],
    ['process.name: "cmd.exe"', true],
    ['process.name: CMD.exe', false],
    ['process.name: c*.exe', true],
    ['process.name: "c*.exe"', false],
    ['process.name: (a.exe or cmd.exe)', true],
    ['process.args: (cmd.exe and whoami)', true],
    ['process.args: (cmd.exe and not whoami)', false],
    ['process.args: *', true],
    ['missing: *', false],
    ['not missing: *', true],
    ['event.code: 4624', true],
    ['event.code: "4624"', true],
    ['event.code >= 4624 and event.code < 5000', true],
    ['when > "2024-05-01T09:00:00Z"', true],
    ['signed: true', true],
    ['file.path: C\\:\\\\Windows\\\\x\\ y.dll', true],
    ['file.path: "C:\\\\Windows\\\\x y.dll"', true],
    ['file.path: C\\:\\\\Windows\\\\x y.dll', true],
    ['process.name: x or (event.code: 4624 AND signed: true)', true],
    ['process.name: cmd.exe and not (signed: true or missing: x)', false],
    ['whoami', true],
    ['nothing', false],
    ['*', true],
    ['', true],
  ])('%s', (text, wanted) => expect(compileCondition(readKuery(text), JSON_BINDING)(event)).toBe(wanted));

  it.each([
    ['a:', /^1:3: a value is expected, not the end/],
    ['a: (b or', /^1:9: a value is expected/],
    ['a: b )', /^1:6: 'and', 'or' or the end/],
    ['a: "b', /^1:4: a text does not end/],
    ['a.*.b: c', /^1:1: fields by a wildcard/],
    ['a > x', /^1:5: a number or a time/],
    ['a: { b: c }', /^1:4: .*nested fields/],
    ['and', /^1:1: a field, a value or/],
    ['('.repeat(10_000), /parentheses within one another/],
  ])('%s is refused', (text, wanted) => expect(problem(() => readKuery(text))).toMatch(wanted));
});
