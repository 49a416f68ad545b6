// Cases out of Elastic's EQL reference on sequences and samples: keys, maxspan, missing events, until, runs, and the machine that is told there.

import type { ReferenceEvent, ReferenceSection } from './eql-reference-case.ts';

/** Events of "user name" or "user name second"; "-" is a user that is not there. */
function processes(...texts: readonly string[]): readonly ReferenceEvent[] {
  return texts.map((text, index) => {
    const [user, name, second] = text.split(' ');
    const time = new Date(Date.UTC(2024, 0, 1) + Number(second ?? index) * 1000).toISOString();
    return {
      '@timestamp': time,
      'event.category': 'process',
      'process.name': name,
      ...(user === '-' ? {} : { 'user.name': user }),
    };
  });
}

const step = (name: string, front = ''): string => `${front}[process where process.name == "${name}"]`;
const [A, B, C, NO_A, NO_B, NO_C] = [step('A'), step('B'), step('C'), step('A', '!'), step('B', '!'), step('C', '!')];
const BY = 'sequence by user.name';

/** The data of the page "EQL search" on samples, in their order there. */
const SAMPLED: readonly ReferenceEvent[] = [
  { '@timestamp': '1234567891', ip: '10.0.0.1', host: 'doom', uptime: 0, port: 1234, os: 'win10', id: 11 },
  { '@timestamp': '1234567892', host: 'CS', uptime: 5, port: 1, os: 'win10', id: 12 },
  { '@timestamp': '1234567893', host: 'farcry', uptime: 1, port: 1234, bool: false, os: 'win10', id: 13 },
  { '@timestamp': '1234567894', host: 'GTA', uptime: 3, port: 12, os: 'slack', id: 14 },
  { '@timestamp': '1234567895', host: 'sniper 3d', uptime: 6, port: 1234, os: 'fedora', id: 15 },
  { '@timestamp': '1234568896', host: 'doom', port: 65123, bool: true, os: 'redhat', id: 16 },
  { '@timestamp': '1234567897', host: 'doom', uptime: 15, port: 1234, bool: true, os: 'redhat', id: 17 },
  { '@timestamp': '1234567898', host: 'doom', uptime: 16, port: 512, os: 'win10', id: 18 },
  { '@timestamp': '1234567899', host: 'GTA', port: 12, bool: true, os: 'win10', id: 19 },
  {
    '@timestamp': '1234567893',
    ip: '10.0.0.5',
    host: 'farcry',
    uptime: 1,
    port: 1234,
    bool: true,
    os: 'win10',
    id: 110,
  },
  { '@timestamp': '1234567991', host: 'doom', uptime: 0, port: 1234, op_sys: 'win10', id: 21 },
  { '@timestamp': '1234567992', host: 'CS', uptime: 5, port: 1, op_sys: 'win10', id: 22 },
  { '@timestamp': '1234567993', host: 'farcry', uptime: 1, port: 1234, bool: false, op_sys: 'win10', id: 23 },
  { '@timestamp': '1234567994', host: 'GTA', uptime: 3, port: 12, op_sys: 'slack', id: 24 },
  { '@timestamp': '1234567995', host: 'sniper 3d', uptime: 6, port: 1234, op_sys: 'fedora', id: 25 },
  { '@timestamp': '1234568996', host: 'doom', port: 65123, bool: true, op_sys: 'redhat', id: 26 },
  { '@timestamp': '1234567997', host: 'doom', uptime: 15, port: 1234, bool: true, op_sys: 'redhat', id: 27 },
  { '@timestamp': '1234567998', host: 'doom', uptime: 16, port: 512, op_sys: 'win10', id: 28 },
  { '@timestamp': '1234567999', host: 'GTA', port: 12, bool: false, op_sys: 'win10', id: 29 },
  { '@timestamp': '1334567891', host: 'doom', uptime: 0, port: 12, os: 'win10', id: 31 },
  { '@timestamp': '1334567892', host: 'CS', os: 'win10', id: 32 },
  { '@timestamp': '1334567893', host: 'farcry', bool: true, os: 'win10', id: 33 },
  { '@timestamp': '1334567894', host: 'GTA', os: 'slack', bool: true, id: 34 },
  { '@timestamp': '1234567895', host: 'sniper 3d', os: 'fedora', id: 35 },
  { '@timestamp': '1234578896', host: 'doom', bool: true, os: 'redhat', id: 36 },
  { '@timestamp': '1234567897', host: 'doom', bool: true, os: 'redhat', id: 37 },
  { '@timestamp': '1234577898', host: 'doom', os: 'win10', id: 38 },
  { '@timestamp': '1234577899', host: 'GTA', bool: true, os: 'win10', id: 39 },
];
const FILTERS = '[any where uptime > 0] [any where port > 100] [any where bool == true]';

export const SEQUENCES: readonly ReferenceSection[] = [
  {
    about: 'the state machine',
    log: processes(
      ...['root A', 'root A', 'elkbee B', 'root B', 'root B', 'elkbee A'],
      ...['root A', 'elkbee B', 'root C', 'elkbee C', 'root C'],
    ),
    cases: [
      [
        `${BY} ${A} ${B} ${C}`,
        '2+4+9 6+8+10',
        'a state holds the most recent sequence; a machine for each value of by',
      ],
      [`${BY} ${A} ${B}`, '2+4 6+8', 'a second event finds the state in front empty'],
      [`sequence ${A} ${B} ${C}`, '7+8+9', 'without by there is one machine, and the newest sequence overwrites'],
      [`${BY} ${B} ${C}`, '5+9 8+10', 'the newest B goes on'],
      [`${BY} ${A} ${C}`, '7+9 6+10', 'events between do not count'],
      [`${BY} ${A} ${B} ${C} | head 1`, '2+4+9', 'head of sequences: the earliest'],
      [`${BY} ${A} ${B} ${C} | tail 1`, '6+8+10', 'tail of sequences: the most recent'],
    ],
  },
  {
    about: 'events in a row',
    log: processes('r A', 'r B', 'r A', 'r A', 'r C', 'r B'),
    cases: [
      [`sequence ${A} ${B}`, '1+2 4+6', 'events in ascending order of time'],
      [`sequence ${B} ${A}`, '2+3', 'not in another'],
      [`sequence ${A} ${A}`, '1+3 3+4', 'an event ends one sequence and begins the next'],
      ['sequence [process where true] [process where true]', '1+2 2+3 3+4 4+5 5+6', 'the same for any event'],
      [`sequence ${A} ${A} ${A}`, '1+3+4', 'three of a kind'],
      [`sequence ${A}`, /two steps/, 'a sequence has two items or more'],
      ['sequence', /step/, 'items stand in brackets'],
      [`sequence ${A} ${B} and true`, /./, 'nothing stands between items and pipes'],
    ],
  },
  {
    about: 'the order of time',
    log: processes('r B 5', 'r A 1', 'r C 9', 'r A 7'),
    cases: [
      [`sequence ${A} ${B}`, '2+1', 'by their timestamps, whatever their place in the log'],
      [`sequence ${A} ${C}`, '4+3', 'the most recent of the first'],
      ['process where true', '2 1 4 3', 'hits are sorted by timestamp, ascending'],
      ['process where true | head 2', '2 1', 'head takes the earliest by timestamp'],
      ['process where true | tail 1', '3', 'tail takes the most recent by timestamp'],
    ],
  },
  {
    about: 'a tie is broken by event.sequence',
    log: [
      { '@timestamp': '2024-01-01T00:00:00Z', 'event.category': 'process', 'process.name': 'B', 'event.sequence': 2 },
      { '@timestamp': '2024-01-01T00:00:00Z', 'event.category': 'process', 'process.name': 'A', 'event.sequence': 1 },
      { '@timestamp': '2024-01-01T00:00:00Z', 'event.category': 'process', 'process.name': 'C' },
      { '@timestamp': '2024-01-01T00:00:00Z', 'event.category': 'process', 'process.name': 'D', 'event.sequence': 10 },
    ],
    cases: [
      [`sequence ${A} ${B}`, '2+1', 'events of one timestamp are sorted by the tiebreaker'],
      [`sequence ${B} ${C}`, '1+3', 'those without a tiebreaker stand behind those with one'],
      [`sequence ${step('D')} ${C}`, '4+3', 'as a number, not as a text'],
      [`sequence ${C} ${B}`, '', 'not in front of them'],
    ],
  },
  {
    about: 'maxspan',
    log: processes('r A 0', 'r B 15', 'r A 100', 'r x 110', 'r B 116', 'r A 200', 'r B 200'),
    cases: [
      [`sequence with maxspan=15s ${A} ${B}`, '1+2 6+7', 'all events within the time of the first'],
      [`sequence with maxspan=16s ${A} ${B}`, '1+2 3+5 6+7', 'the time itself is within'],
      [`sequence with maxspan=14s ${A} ${B}`, '6+7', 'a shorter one'],
      [`sequence with maxspan=1m ${A} ${B}`, '1+2 3+5 6+7', 'minutes'],
      [`sequence with maxspan=1h ${A} ${B}`, '1+2 3+5 6+7', 'hours'],
      [`sequence with maxspan=1d ${A} ${B}`, '1+2 3+5 6+7', 'days'],
      [`sequence with maxspan=15000ms ${A} ${B}`, '1+2 6+7', 'milliseconds'],
      [`${BY} with maxspan=15s ${A} ${B}`, '1+2 6+7', 'behind by'],
      [`sequence with maxspan=15 ${A} ${B}`, /unit/, 'a time value has a unit'],
      [`sequence with maxspan=15y ${A} ${B}`, /unit/, 'one that there is'],
      [`sequence with maxspan=15s by user.name ${A} ${B}`, /by/, 'by stands in front'],
    ],
  },
  {
    about: 'by',
    log: [
      { 'event.category': 'file', 'file.extension': 'exe', 'user.name': 'u', 'file.path': 'p1' },
      { 'event.category': 'process', 'user.name': 'u', 'process.executable': 'p2', 'process.pid': 1 },
      { 'event.category': 'file', 'file.extension': 'exe', 'user.name': 'v', 'file.path': 'p1' },
      { 'event.category': 'process', 'user.name': 'u', 'process.executable': 'p1', 'process.pid': '1' },
      { 'event.category': 'process', 'user.name': 'V', 'process.executable': 'p1', 'process.pid': 2 },
      { 'event.category': 'process', 'user.name': ['x', 'v'], 'process.executable': 'p1', 'process.pid': 1 },
    ],
    cases: [
      [
        'sequence [file where file.extension == "exe"] by user.name, file.path [process where true] by user.name, process.executable',
        '1+4 3+6',
        'values are shared, whatever their fields',
      ],
      [
        'sequence by user.name [file where file.extension == "exe"] by file.path [process where true] by process.executable',
        '1+4 3+6',
        'a shared field once for all',
      ],
      ['sequence by user.name [file where true] [process where true]', '1+2 3+6', 'letter case counts in keys'],
      [
        'sequence by process.pid [process where process.executable == "p2"] [process where true]',
        '2+4',
        'a number joins the text of the same',
      ],
      [
        'sequence by user.name [file where true] by file.path [process where true]',
        /number of keys/,
        'as many keys in each item',
      ],
      ['sequence by [file where true] [process where true]', /./, 'by takes a field'],
    ],
  },
  {
    about: 'optional keys',
    log: processes('- A', 'u A', '- B', 'u B', '- B'),
    cases: [
      [`${BY} ${A} ${B}`, '2+4', 'a key is not null'],
      [`sequence by ?user.name ${A} ${B}`, '1+3 2+4', 'unless it is optional'],
      [`sequence by process.name, ?user.name ${A} ${A}`, '', 'all keys are the same'],
      [`sequence by ?user.nothing ${A} ${B}`, '2+3', 'a field that nothing has is null everywhere'],
      [`sequence by user.nothing ${A} ${B}`, '', 'not where it is required'],
    ],
  },
  {
    about: 'missing events',
    log: processes('a A 0', 'b A 1', 'b C 2', 'b B 3', 'a B 4', 'c C 60', 'c A 63', 'c B 64', 'd A 90'),
    cases: [
      [`${BY} with maxspan=5s ${A} ${NO_C} ${B}`, '1+5 7+8', 'in the middle: none between its neighbours'],
      [`${BY} with maxspan=5s ${A} ${NO_C}`, '1 7 9', 'at the end: none within the time'],
      [`${BY} with maxspan=5s ${A} ${NO_B}`, '9', 'the same for another'],
      [`${BY} with maxspan=5s ${NO_C} ${A} ${B}`, '2+4 1+5', 'at the beginning: none within the time'],
      [`${BY} with maxspan=2s ${NO_C} ${A} ${B}`, '2+4 7+8', 'which is measured'],
      [`${BY} with maxspan=5s ${NO_C} ${A} ${NO_C} ${B}`, '1+5', 'in several places'],
      [`${BY} with maxspan=5s ${A} ${B} ${NO_C}`, '2+4 1+5 7+8', 'behind the last event none came'],
      [`${BY} with maxspan=5s ${A} ${NO_C} ${NO_A} ${B}`, '1+5 7+8', 'two in a row'],
      [`${BY} with maxspan=5s ${C} ${NO_A} ${B}`, '3+4', 'only what stands between counts'],
      [`${BY} ${A} ${NO_C} ${B}`, /maxspan/, 'maxspan is mandatory'],
      [`${BY} with maxspan=5s ${NO_A} ${NO_B}`, /not missing/, 'one item is positive at least'],
    ],
  },
  {
    about: 'until',
    log: processes('1 A', '1 B', '2 A', '2 B', '2 C', '3 A', '3 C', '3 B', '3 A', '3 B'),
    cases: [
      [`${BY} ${A} ${B} until ${C}`, '1+2 3+4 9+10', 'between events it ends a sequence, behind them not'],
      [`sequence ${A} ${B} until ${C}`, '1+2 3+4 9+10', 'without keys'],
      [`${BY} ${A} ${B} until [process where process.name == "nothing"]`, '1+2 3+4 6+8 9+10', 'one that does not come'],
      [`${BY} with maxspan=1s ${A} ${B} until ${C}`, '1+2 3+4 9+10', 'together with maxspan'],
      [`sequence ${A} by user.name ${B} by user.name until ${C} by user.name`, '1+2 3+4 9+10', 'with keys of its own'],
      [`sequence ${A} by user.name ${B} by user.name until ${C}`, /number of keys/, 'as many as the others'],
    ],
  },
  {
    about: 'with runs',
    log: processes('r A', 'r B', 'r B', 'r B', 'r C', 'r B', 'r B', 'r C'),
    cases: [
      [`sequence ${A} ${B} with runs=3 ${C}`, '1+2+3+4+5', 'an item so many times'],
      [`sequence ${A} ${B} ${B} ${B} ${C}`, '1+2+3+4+5', 'as if it were written out'],
      [`sequence ${B} with runs=2 ${C}`, '3+4+5 6+7+8', 'at the beginning'],
      [`sequence ${A} ${B} with runs=5`, '1+2+3+4+6+7', 'other events may stand between'],
      [`sequence ${A} ${B} with runs=6`, '', 'not as many'],
      [`sequence ${B} with runs=1 ${C}`, '4+5 7+8', 'one is one'],
      [`sequence ${A} by user.name ${B} by user.name with runs=2`, '1+2+3', 'behind by'],
      [`sequence ${A} ${B} with runs=0`, /1 to 100/, 'at least one'],
      [`sequence ${A} ${B} with runs=101`, /1 to 100/, 'at most a hundred'],
      [`sequence ${A} ${B} with runs=-1`, /1 to 100/, 'not less'],
    ],
  },
  {
    about: 'samples',
    log: SAMPLED,
    cases: [
      [`sample by host ${FILTERS}`, '7+1+6 3+10+22', 'a sample for each key: the events of the example'],
      [
        'sample by host [any where uptime > 0] by os [any where port > 100] by op_sys [any where bool == true] by os',
        '3+13+10 7+16+6',
        'keys of one name in one item, of another in the next',
      ],
      ['sample by os [any where uptime > 0] [any where port > 60000]', '7+6', 'whatever the order of time'],
      ['sample by host [any where uptime == 3] [any where uptime == 3]', '4+14', 'no event stands for two items'],
      ['sample [any where uptime > 0] [any where port > 1]', /by/, 'a join key is required'],
      ['sample by host with maxspan=1m [any where true] [any where true]', /with/, 'maxspan is not supported'],
      ['sample by host [any where true] with runs=2 [any where true]', /runs/, 'runs are not supported'],
      ['sample by host [any where true] [any where true] until [any where true]', /until/, 'until is not supported'],
      ['sample by host [any where true] ![any where true]', /missing/, 'nor are missing events'],
      ['sample by host [any where true] [any where true] | head 1', /sample/, 'pipes are not supported'],
      [`sample by host ${'[any where true] '.repeat(6)}`, /five/, 'up to five filters'],
      ['sample by ip [any where uptime == 0] [any where port == 1234]', '', 'an event does not pair with itself'],
    ],
  },
  {
    about: 'samples of events without a time',
    log: [
      { '@timestamp': null, 'event.category': 'file', host: 'h', 'file.extension': 'exe' },
      { '@timestamp': 'never', 'event.category': 'process', host: 'h' },
    ],
    cases: [
      [
        'sample by host [file where file.extension == "exe"] [process where true]',
        '1+2',
        'a sample needs no timestamps',
      ],
      ['sequence by host [file where true] [process where true]', '', 'a sequence does'],
    ],
  },
];
