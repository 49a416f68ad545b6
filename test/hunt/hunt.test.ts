// A hunt finds in EVTX and in text what each rule by itself finds, and says what it could not look for.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataTemplate, eventRecord, eventTemplate, strings } from '../../fixtures/logs/events.ts';
import { writeLog } from '../../fixtures/logs/evtx-writer.ts';
import { asObject, type EventFacts } from '../../fixtures/logs/text-writer.ts';
import { sourceOf } from '../../src/bytes/source.ts';
import type { HuntDocument } from '../../src/hunt/document.ts';
import { Hunt } from '../../src/hunt/hunt.ts';
import { LogReport } from '../../src/logs/log-report.ts';
import { openLogs } from '../../src/logs/open-logs.ts';
import { and, type Condition, match, not, or } from '../../src/rule/condition.ts';
import { compileCondition } from '../../src/rule/evaluate.ts';
import { eventQuery } from '../../src/rule/query.ts';
import { readSigma } from '../../src/rule/read/sigma.ts';
import { patternOf } from '../../src/rule/read/sigma-modifiers.ts';
import type { Rule } from '../../src/rule/rule.ts';
import type { ValueTest } from '../../src/rule/value-test.ts';

const SYSMON = { provider: 'Microsoft-Windows-Sysmon', channel: 'Microsoft-Windows-Sysmon/Operational' };
const FIELDS = ['Image', 'CommandLine', 'ParentImage', 'User', 'Gone'] as const;

function fact(eventId: number, data: Record<string, string>, more: Partial<EventFacts> = {}): EventFacts {
  const time = '2024-05-01T10:00:00.0000000Z';
  return { ...SYSMON, eventId, computer: 'ws7', time, recordId: 1, processId: 4, data, ...more };
}

async function huntIn(name: string, bytes: Uint8Array, rules: readonly Rule[]): Promise<HuntDocument> {
  const hunt = new Hunt(rules.map((rule) => ({ file: 'rules.yml', rule })));
  const report = new LogReport();
  for await (const log of openLogs(sourceOf(bytes, name), report)) await hunt.run(log, report);
  return hunt.document(report.unreadable);
}

const jsonLines = (events: readonly EventFacts[]): Uint8Array =>
  new TextEncoder().encode(events.map((one) => JSON.stringify(asObject('evtx_dump', one))).join('\n'));

/** Sysmon events with the same fields each. */
function sysmonLog(events: readonly EventFacts[], fields: readonly string[]): Uint8Array {
  const event = eventTemplate(1, SYSMON.provider, SYSMON.channel);
  const data = dataTemplate(2, fields);
  return writeLog(
    events.map(({ eventId, data: own }, i) =>
      eventRecord(event, {
        eventId,
        recordId: BigInt(i + 1),
        time: 133_590_312_000_000_000n + BigInt(i),
        data: strings(data, ...fields.map((field) => own[field] ?? '')),
      }),
    ),
  );
}

const [TEMPLATE] = readSigma(
  'title: t\nlogsource: {product: windows, category: process_creation}\ndetection: {s: {a: b}, condition: s}',
).rules;
const ruleOf = (condition: Condition, title = 'random'): Rule => ({ ...TEMPLATE, title, query: eventQuery(condition) });
const sigma = (text: string): readonly Rule[] => {
  const { rules, errors } = readSigma(text);
  expect(errors).toEqual([]);
  return rules;
};
const found = ({ hits }: HuntDocument) =>
  hits.map(({ rule, events }) => `${rule.title} ${events.map(({ record }) => record)}`);

describe('a hunt', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'B', '\\', '.', '3', 'É', ' '), maxLength: 8 });
  const like = fc
    .tuple(fc.string({ unit: fc.constantFrom('a', 'b', '\\\\', '.', '3', 'é', '*', '?'), maxLength: 5 }), fc.boolean())
    .map(([written, cased]): ValueTest => ({ kind: 'like', pattern: patternOf(written), cased }));
  const regex = fc.constantFrom('a+b', 'b\\.a', '^a', '(a|b)3', '3$').map(
    (source): ValueTest => ({
      kind: 'regex',
      source,
      syntax: 'perl',
      whole: false,
      cased: false,
      multiline: false,
      dotAll: false,
    }),
  );
  const other = fc.constantFrom<ValueTest>(
    { kind: 'null' },
    { kind: 'exists', wanted: true },
    { kind: 'number', op: 'eq', than: 3 },
    { kind: 'number', op: 'gt', than: 2 },
    { kind: 'field', name: 'User', part: 'anywhere', cased: false },
  );
  const test = fc.oneof({ weight: 5, arbitrary: like }, regex, other);
  const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3 },
      fc
        .tuple(fc.constantFrom(...FIELDS), fc.array(test, { minLength: 1, maxLength: 4 }))
        .map(([field, tests]) => match(field, ...tests)),
      fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((parts) => and(...parts)),
      fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((parts) => or(...parts)),
      tie('condition').map((part) => not(part)),
    ),
  }));
  const record = fc.record({ Image: text, CommandLine: text, ParentImage: text, User: text });

  it('finds what each rule finds by itself, in text and in EVTX', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(condition, { minLength: 1, maxLength: 8 }),
        fc.array(record, { minLength: 1, maxLength: 4 }),
        async (conditions, data) => {
          const events = data.map((one) => fact(1, one));
          const rules = conditions.map((one, i) => ruleOf(one, `rule ${i}`));
          const expected = data.flatMap((one, index) =>
            conditions.flatMap((each, i) => {
              const holds = compileCondition(each, {
                field: (name) => (event: Record<string, string>) => (Object.hasOwn(event, name) ? [event[name]] : []),
                all: Object.values,
              });
              return holds(one) === true ? [`rule ${i} ${index + 1}`] : [];
            }),
          );
          expect(found(await huntIn('a.json', jsonLines(events), rules))).toEqual(expected);
          expect(found(await huntIn('a.evtx', sysmonLog(events, FIELDS.slice(0, 4)), rules))).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  const NET = fact(1, { Image: 'C:\\Windows\\System32\\net.exe', CommandLine: 'net user bob /add', User: 'X\\y' });
  const RULE = `title: net
id: 11111111-1111-4111-8111-111111111111
level: high
logsource: {product: windows, category: process_creation}
detection:
  selection: {Image|endswith: '\\net.exe', CommandLine|contains|all: [user, /add]}
  filter: {User: SYSTEM}
  condition: selection and not filter`;

  it('tells the rule, the event and the values', async () => {
    const { hits, counts } = await huntIn('a.json', jsonLines([fact(1, { Image: 'x' }), NET]), sigma(RULE));
    expect(hits).toEqual([
      {
        rule: { file: 'rules.yml', id: '11111111-1111-4111-8111-111111111111', title: 'net', level: 'high' },
        events: [{ source: 'a.json', record: 2, time: NET.time, host: 'ws7' }],
        matched: [
          { field: 'Image', value: NET.data.Image },
          { field: 'CommandLine', value: NET.data.CommandLine },
        ],
      },
    ]);
    expect(counts).toEqual({ events: 2, rules: 1, hits: 1, unreadable: 0 });
  });

  it('asks only events of the log source', async () => {
    const other = { ...NET, provider: 'Other', channel: 'Other' };
    const created = fact(
      4688,
      { NewProcessName: NET.data.Image, CommandLine: NET.data.CommandLine },
      { provider: 'Microsoft-Windows-Security-Auditing', channel: 'Security' },
    );
    const log = jsonLines([other, { ...NET, eventId: 5 }, created, { ...created, channel: 'Application' }]);
    const { hits } = await huntIn('a.json', log, sigma(RULE));
    expect(hits.map(({ events, matched }) => [events[0].record, matched[0].field])).toEqual([[3, 'NewProcessName']]);
  });

  it('says which rules nothing here can fulfil', async () => {
    const rules = sigma(`${RULE}
---
title: dns
logsource: {product: windows, category: dns_query}
detection: {s: {QueryName: x}, condition: s}
---
title: linux
logsource: {product: linux, service: auditd}
detection: {s: {a: b}, condition: s}
---
title: field
logsource: {product: windows, category: process_creation}
detection: {s: {Nothing: b}, condition: s}
---
title: number
logsource: {product: windows, category: process_creation}
detection: {s: {EventID: 7}, condition: s}
---
title: unknown
logsource: {product: windows, category: weather}
detection: {s: {a: b}, condition: s}`);
    const { neverMatch } = await huntIn('a.evtx', sysmonLog([NET], ['Image', 'CommandLine', 'User']), rules);
    expect(Object.fromEntries(neverMatch.map(({ rule, reason }) => [rule.title, reason]))).toEqual({
      dns: 'no event of its log source (windows/dns_query) is in these logs',
      linux: 'logs of linux are not among those that are read',
      field: 'no event of its log source has Nothing',
      number: 'it asks for event ids that its log source has not',
      unknown: 'no event of Windows logs is known to be of the category weather',
    });
  });

  it('finds keywords in every field', async () => {
    const rules = sigma(`title: words
logsource: {product: windows}
detection: {keywords: [sekurlsa, 'mimi?atz'], condition: keywords}`);
    const events = [
      fact(9, { Some: 'xx SEKURLSA::x' }),
      fact(9, { Some: 'nothing' }),
      fact(9, { Other: 'a mimikatz' }),
    ];
    expect(found(await huntIn('a.json', jsonLines(events), rules))).toEqual(['words 1', 'words 3']);
    expect(found(await huntIn('a.evtx', sysmonLog(events, ['Some', 'Other']), rules))).toEqual(['words 1', 'words 3']);
  });
});

describe('a correlation', () => {
  const at = (second: number, user: string, image = 'a.exe') =>
    fact(1, { Image: image, User: user }, { time: `2024-05-01T10:00:${String(second).padStart(2, '0')}.000Z` });
  const base = `title: base
name: base
logsource: {product: windows, category: process_creation}
detection: {s: {Image: a.exe}, condition: s}
---
title: second
name: second
logsource: {product: windows, category: process_creation}
detection: {s: {Image: b.exe}, condition: s}
---
title: all
correlation:
  group-by: [User]
  timespan: 10s
`;
  const run = async (more: string, events: readonly EventFacts[]) =>
    found(await huntIn('a.json', jsonLines(events), sigma(base + more)));

  it('counts events of a group within a time', async () => {
    const events = [at(0, 'x'), at(1, 'y'), at(5, 'x'), at(9, 'x'), at(30, 'x'), at(31, 'x')];
    const more = '  type: event_count\n  rules: [base]\n  condition: {gte: 3}';
    expect(await run(more, events)).toEqual(['all 1,3,4']);
  });

  it('counts distinct values', async () => {
    const more = '  type: value_count\n  rules: [base]\n  condition: {field: ProcessId, gte: 2}';
    const events = [at(0, 'x'), at(1, 'x')].map((one, i) => ({ ...one, data: { ...one.data, ProcessId: String(i) } }));
    expect(await run(more, events)).toEqual(['all 1,2']);
    expect(await run(more, [events[0], events[0]])).toEqual([]);
  });

  it('brings rules together, in order where it says so', async () => {
    const events = [at(0, 'x', 'b.exe'), at(1, 'x'), at(40, 'x'), at(41, 'x', 'b.exe')];
    expect(await run('  type: temporal\n  rules: [base, second]', events)).toEqual(['all 1,2', 'all 3,4']);
    expect(await run('  type: temporal_ordered\n  rules: [base, second]', events)).toEqual(['all 3,4']);
  });

  it('tells of its rules alone only where it says so', async () => {
    const more = '  type: event_count\n  rules: [base]\n  condition: {gte: 2}\n  generate: true';
    expect(await run(more, [at(0, 'x'), at(2, 'x')])).toEqual(['base 1', 'base 2', 'all 1,2']);
  });

  it('of rules that are not there never matches', async () => {
    const more = '  type: event_count\n  rules: [gone]\n  condition: {gte: 2}';
    const { neverMatch } = await huntIn('a.json', jsonLines([at(0, 'x')]), sigma(base + more));
    expect(neverMatch.at(-1)?.reason).toBe('no rule that was loaded is called gone');
  });

  it('counts an event once, and takes two for a rule that it names twice', async () => {
    const events = [at(0, 'x'), at(1, 'x')];
    expect(await run('  type: event_count\n  rules: [base, base]\n  condition: {gte: 2}', events)).toEqual(['all 1,2']);
    expect(await run('  type: temporal_ordered\n  rules: [base, base]', events)).toEqual(['all 1,2']);
    expect(await run('  type: temporal\n  rules: [base, base]', events)).toEqual(['all 1,2']);
    expect(await run('  type: temporal\n  rules: [base, base]', events.slice(1))).toEqual([]);
    const mixed = [at(0, 'x'), at(1, 'x', 'b.exe'), at(2, 'x')];
    expect(await run('  type: temporal\n  rules: [base, second, base]', mixed)).toEqual(['all 1,2,3']);
  });

  it('counts the rules that are different where a temporal one says how many', async () => {
    const more = '  type: temporal\n  rules: [base, base, second]\n  condition: {gte: 2}';
    expect(await run(more, [at(0, 'x'), at(1, 'x')])).toEqual([]);
    expect(await run(more, [at(0, 'x'), at(1, 'x', 'b.exe')])).toEqual(['all 1,2']);
  });

  it('names how many events it did not get for their time', async () => {
    const events = [{ ...at(0, 'x'), time: 'soon' }, at(1, 'x'), at(2, 'x')];
    const rules = sigma(`${base}  type: event_count\n  rules: [base]\n  condition: {gte: 3}`);
    const { counts } = await huntIn('a.json', jsonLines(events), rules);
    expect(counts).toMatchObject({ hits: 0, untimed: 1 });
    expect((await huntIn('a.json', jsonLines(events.slice(1)), rules)).counts).not.toHaveProperty('untimed');
  });

  it('takes names that every object of JavaScript has for what they are', async () => {
    const rules = sigma(
      'title: t\nlogsource: {product: windows, category: process_creation}\ndetection: {s: {constructor: a, __proto__|contains: b}, condition: not s}',
    );
    const event = fact(
      4688,
      { NewProcessName: 'a.exe' },
      { channel: 'Security', provider: 'Microsoft-Windows-Security-Auditing' },
    );
    expect((await huntIn('a.json', jsonLines([event]), rules)).counts.hits).toBe(1);
    const more = `  type: event_count\n  rules: [base]\n  condition: {gte: 1}\n  aliases: {__proto__: {base: User}}`;
    expect(await run(more, [at(0, 'x')])).toEqual(['all 1']);
  });

  it('reads the times of each form of log', async () => {
    const csv = ['Channel,EventID,Image,User,TimeCreated'];
    for (const second of [0, 1, 9]) csv.push(`${SYSMON.channel},1,a.exe,x,5/1/2024 10:00:0${second} AM`);
    const rules = sigma(`${base}  type: event_count\n  rules: [base]\n  condition: {gte: 3}`);
    const { hits } = await huntIn('a.csv', new TextEncoder().encode(csv.join('\n')), rules);
    expect(hits.map(({ events }) => events.length)).toEqual([3]);
  });

  it('of rules that nothing here can fulfil never matches', async () => {
    const empty = jsonLines([fact(22, { QueryName: 'a' })]);
    const never = async (more: string) =>
      (await huntIn('a.json', empty, sigma(base + more))).neverMatch.map(({ rule }) => rule.title);
    expect(await never('  type: temporal\n  rules: [base, second]')).toEqual(['base', 'second', 'all']);
    const { neverMatch } = await huntIn(
      'a.json',
      jsonLines([at(0, 'x')]),
      sigma(`${base}  type: temporal\n  rules: [base, second]`),
    );
    expect(neverMatch).toEqual([]);
  });
});
