// Queries over streams of hand-made events: what sequences, samples, joins and pipes find, as the references of EQL tell it.
import { describe, expect, it } from 'vitest';
import { QueryRun } from '../../src/hunt/query-run.ts';
import { type EqlOptions, readEql } from '../../src/rule/read/eql.ts';
import { JSON_ACCESS, type JsonEvent } from './json-binding.ts';

/** The ids of the events of each find. */
function idsOf(query: string, events: readonly JsonEvent[], options?: EqlOptions): readonly (readonly unknown[])[] {
  const run = new QueryRun(readEql(query, options), JSON_ACCESS);
  return [...events.flatMap((event) => run.push(event)), ...run.end()].map((found) =>
    found.events.map((event) => event.id),
  );
}

/** Events of category "process", a second apart: "root attrib" is of a user and has a name. */
function processes(...texts: readonly string[]): readonly JsonEvent[] {
  return texts.map((text, index) => {
    const [user, name] = text.split(' ');
    return { id: index + 1, time: index * 1000, 'event.category': 'process', user: user === '-' ? null : user, name };
  });
}

describe('events', () => {
  const events: readonly JsonEvent[] = [
    { id: 1, 'event.category': 'process', name: 'a' },
    { id: 2, event_type: 'process', name: 'b' },
    { id: 3, 'event.category': ['file', 'process'], name: 'c' },
    { id: 4, 'event.category': 'file', event_type: 'process', name: 'd' },
    { id: 5, name: 'e' },
  ];
  it('are of the category in event.category, else in event_type', () => {
    expect(idsOf('process where true', events)).toEqual([[1], [2], [3]]);
    expect(idsOf('any where true', events)).toHaveLength(5);
  });
  it('go through head and tail', () => {
    expect(idsOf('any where true | head 3', events)).toEqual([[1], [2], [3]]);
    expect(idsOf('any where true | tail 2', events)).toEqual([[4], [5]]);
    expect(idsOf('any where true | head 4 | tail 2 | head 1', events)).toEqual([[3]]);
  });
});

describe('sequences', () => {
  it('are one machine a key, whose states hold the newest sequence', () => {
    const events = processes(
      ...['root attrib', 'root attrib', 'elkbee bash', 'root bash', 'root bash', 'elkbee attrib'],
      ...['root attrib', 'elkbee bash', 'root cat', 'elkbee cat', 'root cat'],
    );
    const query = `sequence by user
      [process where name == "attrib"] [process where name == "bash"] [process where name == "cat"]`;
    const run = new QueryRun(readEql(query), JSON_ACCESS);
    const found = [...events.flatMap((event) => run.push(event)), ...run.end()];
    expect(found.map((one) => [one.key, one.events.map((event) => event.id)])).toEqual([
      [['root'], [2, 4, 9]],
      [['elkbee'], [6, 8, 10]],
    ]);
  });

  it('let an event end one and begin another', () =>
    expect(idsOf('sequence [process where true] [process where true]', processes('r a', 'r b', 'r c'))).toEqual([
      [1, 2],
      [2, 3],
    ]));

  it('are within maxspan of their first event', () => {
    const events = processes('r a', 'r x', 'r b', 'r a', 'r x', 'r x', 'r b');
    const query = 'sequence with maxspan=2s [process where name == "a"] [process where name == "b"]';
    expect(idsOf(query, events)).toEqual([[1, 3]]);
    expect(idsOf(query.replace('2s', '3s'), events)).toEqual([
      [1, 3],
      [4, 7],
    ]);
  });

  it('are ended by until between their events, not behind them', () => {
    const query = `sequence by user [process where name == "A"] [process where name == "B"]
      until [process where name == "C"]`;
    expect(idsOf(query, processes('1 A', '1 B', '2 A', '2 B', '2 C', '3 A', '3 C', '3 B'))).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('repeat a step with runs', () => {
    const events = processes('r a', 'r b', 'r b', 'r b', 'r c');
    const query =
      'sequence [process where name == "a"] [process where name == "b"] with runs=3 [process where name == "c"]';
    expect(idsOf(query, events)).toEqual([[1, 2, 3, 4, 5]]);
    expect(idsOf(query.replace('runs=3', 'runs=4'), events)).toEqual([]);
  });

  it('join by nothing only where a field is optional', () => {
    const events = processes('- a', '- b', 'u a', 'u b');
    expect(idsOf('sequence by user [process where name == "a"] [process where name == "b"]', events)).toEqual([[3, 4]]);
    expect(idsOf('sequence by ?user [process where name == "a"] [process where name == "b"]', events)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('are one for each combination of the values of keys', () => {
    const events: readonly JsonEvent[] = [
      { id: 1, event_type: 'a', ip: ['10.0.0.1', '10.0.0.2'] },
      { id: 2, event_type: 'b', ip: ['10.0.0.2', '10.0.0.1', '10.0.0.3'] },
    ];
    const run = new QueryRun(readEql('sequence by ip [a where true] [b where true]'), JSON_ACCESS);
    const found = events.flatMap((event) => run.push(event));
    expect(found.map(({ key }) => key)).toEqual([['10.0.0.2'], ['10.0.0.1']]);
  });

  it('join numbers with texts of the same, and keys of one step with those of another', () => {
    const events: readonly JsonEvent[] = [
      { id: 1, event_type: 'a', pid: 4 },
      { id: 2, event_type: 'b', ppid: '4' },
    ];
    expect(idsOf('sequence [a where true] by pid [b where true] by ppid', events)).toEqual([[1, 2]]);
  });
});

describe('events that must be missing', () => {
  const logon = '[process where name == "on"]';
  const logoff = '![process where name == "off"]';
  it('do not follow within the time', () => {
    const query = `sequence by user with maxspan=2s ${logon} ${logoff}`;
    const events = processes('a on', 'a off', 'b on', 'c on', 'x x', 'b off', 'c off', 'd on');
    // b's comes too late, c's as well; nothing follows d's.
    expect(idsOf(query, events)).toEqual([[3], [4], [8]]);
  });
  it('do not stand between their neighbours', () => {
    const query = `sequence by user with maxspan=1m ${logon} ${logoff} [process where name == "cat"]`;
    expect(idsOf(query, processes('a on', 'a off', 'a cat', 'b on', 'a off', 'b cat'))).toEqual([[4, 6]]);
    expect(idsOf(query, processes('a on', 'a off', 'a on', 'a cat'))).toEqual([[3, 4]]);
  });
  it('do not stand in front within the time', () => {
    const query = `sequence by user with maxspan=2s ${logoff} ${logon} [process where name == "cat"]`;
    expect(idsOf(query, processes('a off', 'a on', 'a cat'))).toEqual([]);
    expect(idsOf(query, processes('b off', 'a on', 'a cat'))).toEqual([[2, 3]]);
    expect(idsOf(query, processes('a off', 'x x', 'a on', 'a cat'))).toEqual([[3, 4]]);
  });
});

describe('samples', () => {
  const query = 'sample by host [file where x == 1] [process where true]';
  it('are events in any order that share a key, one a key', () => {
    const events: readonly JsonEvent[] = [
      { id: 1, event_type: 'process', host: 'a' },
      { id: 2, event_type: 'file', x: 1, host: 'b' },
      { id: 3, event_type: 'file', x: 1, host: 'a' },
      { id: 4, event_type: 'process', host: 'a' },
      { id: 5, event_type: 'file', x: 2, host: 'c' },
      { id: 6, event_type: 'process', host: 'c' },
    ];
    expect(idsOf(query, events)).toEqual([[3, 1]]);
  });
  it('have an event of its own for each step', () => {
    const both = (id: number): JsonEvent => ({ id, 'event.category': ['file', 'process'], x: 1, host: 'a' });
    expect(idsOf(query, [both(1)])).toEqual([]);
    expect(idsOf(query, [both(1), { id: 2, event_type: 'file', x: 1, host: 'a' }])).toEqual([[2, 1]]);
  });
});

describe('the first dialect', () => {
  const endgame = { dialect: 'endgame' } as const;
  it('joins in any order, until something ends it', () => {
    const query = 'join by user [process where name == "a"] [process where name == "b"]';
    expect(idsOf(query, processes('u b', 'u a', 'v a', 'V B'), endgame)).toEqual([
      [2, 1],
      [3, 4],
    ]);
    const ended = `${query} until [process where name == "c"]`;
    expect(idsOf(ended, processes('u b', 'u c', 'u a'), endgame)).toEqual([]);
  });
  it('keeps a sequence open with fork', () => {
    const query = 'sequence by user [process where name == "a"] [process where name == "b"] fork=true';
    expect(idsOf(query, processes('u a', 'u b', 'u b'), endgame)).toEqual([
      [1, 2],
      [1, 3],
    ]);
  });
  it('sorts, counts and picks what is found', () => {
    const events = processes('u b', 'u a', 'v B', 'v c');
    expect(idsOf('process where true | sort name', events, endgame)).toEqual([[2], [1], [3], [4]]);
    expect(idsOf('process where true | unique name', events, endgame)).toEqual([[1], [2], [4]]);
    expect(idsOf('process where true | unique_count name | filter count == 2', events, endgame)).toEqual([[1]]);
    const run = new QueryRun(readEql('process where true | count user', endgame), JSON_ACCESS);
    for (const event of events) run.push(event);
    expect(run.end()).toEqual([
      { events: [], key: ['u'], count: 2, percent: 0.5 },
      { events: [], key: ['v'], count: 2, percent: 0.5 },
    ]);
    const pairs = 'sequence [process where true] [process where true] | filter events[1].name == "c"';
    expect(idsOf(pairs, events, endgame)).toEqual([[3, 4]]);
  });
  it('follows processes to their children and descendants', () => {
    const of = (id: number, type: string, own: number, parent: number, name: string): JsonEvent => ({
      ...{ id, event_type: type, unique_pid: own, unique_ppid: parent, name },
    });
    const events = [
      of(1, 'process', 10, 1, 'cmd.exe'),
      of(2, 'process', 11, 10, 'child'),
      of(3, 'process', 12, 11, 'grandchild'),
      of(4, 'file', 12, 11, 'file'),
      of(5, 'process', 13, 1, 'other'),
    ];
    const cmd = '[process where name == "CMD.exe"]';
    expect(idsOf(`any where event of ${cmd}`, events, endgame)).toEqual([[1]]);
    expect(idsOf(`any where child of ${cmd}`, events, endgame)).toEqual([[2]]);
    expect(idsOf(`any where descendant of ${cmd}`, events, endgame)).toEqual([[2], [3], [4]]);
    expect(idsOf(`any where child of [process where child of ${cmd}]`, events, endgame)).toEqual([[3], [4]]);
    expect(idsOf(`any where not descendant of ${cmd}`, events, endgame)).toEqual([[1], [5]]);
  });
});

describe('a log that never ends', () => {
  it('takes bounded memory for keys and for what waits', { timeout: 20_000 }, () => {
    const run = new QueryRun(
      readEql('sequence by user with maxspan=1s [a where true] [b where true] ![c where true]'),
      JSON_ACCESS,
    );
    let found = 0;
    for (let id = 0; id < 300_000; id++) {
      const user = `u${id >> 1}`;
      found += run.push({ id, time: id, event_type: id % 2 === 0 ? 'a' : 'b', user }).length;
    }
    expect(found + run.end().length).toBe(150_000);
  });
});
