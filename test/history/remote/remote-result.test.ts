// What is taken back from a store elsewhere, and what is refused with its line; any text is survived.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import type { Question } from '../../../src/history/question.ts';
import { csvRows } from '../../../src/history/remote/csv-rows.ts';
import { readRemoteResult } from '../../../src/history/remote/remote-result.ts';
import { and } from '../../../src/rule/condition.ts';
import { cpuTime } from '../../cpu-time.ts';

const QUESTION: Question = { id: 'O1', condition: and(), telemetry: undefined, fields: ['Image'] };
const read = (...texts: readonly string[]) =>
  readRemoteResult(
    texts.map((text, at) => ({ file: `${'abc'[at]}.csv`, text })),
    QUESTION,
  );
const COUNTS = 'day,host,hits,telemetry\n2025-03-01,ws-1,2,10\n2025-03-02,ws-1,0,5\n2025-03-01,ws-2,1,1\n';

describe('an answer', () => {
  it('is added up by day and host', () =>
    expect(read(COUNTS)).toEqual({
      id: 'O1',
      scanned: 16,
      hits: 3,
      telemetry: 16,
      untimed: 0,
      days: [
        { day: '2025-03-01', hits: 3, telemetry: 11, fresh: 0 },
        { day: '2025-03-02', hits: 0, telemetry: 5, fresh: 0 },
      ],
      hosts: [
        { host: 'ws-1', hits: 2, telemetry: 15, days: 2 },
        { host: 'ws-2', hits: 1, telemetry: 1, days: 1 },
      ],
      fields: [],
    }));

  it('is of any order of columns, with more of them, in the letters and times of an export', () => {
    const text =
      '\ufeff"Telemetry","extra",HITS,"host","day"\r\n"1,000","x\r\ny","2","ws ""1""","2025-03-01T00:00:00.000Z"\r\n,,,ws-2,2025-03-02\r\n';
    expect(read(text)).toMatchObject({
      hits: 2,
      telemetry: 1000,
      days: [
        { day: '2025-03-01', hits: 2 },
        { day: '2025-03-02', hits: 0, telemetry: 0 },
      ],
      hosts: [{ host: 'ws "1"' }],
    });
  });

  it('has values and what is new from tables of their own', () => {
    const values = 'field,value,hits,hosts,first_seen,distinct\nimage,a.exe,1,1,2025-03-01,7\nImage,b.exe,2,2,,7\n';
    expect(read(COUNTS, `${values}\nday,fresh\n2025-03-01,2\n`)).toMatchObject({
      days: [{ fresh: 2 }, { fresh: 0 }],
      fields: [
        {
          field: 'Image',
          distinct: 7,
          filled: 3,
          values: [
            { value: 'b.exe', hits: 2, hosts: 2, first: null },
            { value: 'a.exe', hits: 1, hosts: 1, first: '2025-03-01' },
          ],
        },
      ],
    });
  });

  it('is of the days of a window alone', () => {
    const files = [{ file: 'a.csv', text: COUNTS }];
    expect(readRemoteResult(files, QUESTION, { from: '2025-03-02T00:00:00.000Z' })).toMatchObject({
      hits: 0,
      telemetry: 5,
    });
    expect(readRemoteResult(files, QUESTION, { to: '2025-03-02T00:00:00.000Z' })).toMatchObject({
      hits: 3,
      telemetry: 11,
    });
    const cut = readRemoteResult(files, QUESTION, { exceptDays: ['2025-03-01'] });
    expect(cut).toMatchObject({
      hits: 0,
      telemetry: 5,
      days: [{ day: '2025-03-02' }],
      hosts: [{ host: 'ws-1', days: 1 }],
    });
  });

  it('counts events without a day', () =>
    expect(read(`${COUNTS},ws-1,1,4\n`)).toMatchObject({ hits: 4, telemetry: 20, untimed: 4 }));
});

describe('refused, with its place:', () => {
  it.each([
    [
      'no header',
      '2025-03-01,ws-1,2,10',
      /^a\.csv:1: no table of a baseline begins here; its header is one of field,value/,
    ],
    ['no telemetry', 'day,host,hits\n2025-03-01,a,1', /^a\.csv:1: no table/],
    [
      'a word for a count',
      'day,host,hits,telemetry\n2025-03-01,a,1,10\n2025-03-02,a,many,10',
      /^a\.csv:3: hits is "many", no count/,
    ],
    ['a count below 0', 'day,host,hits,telemetry\n2025-03-01,a,-1,10', /^a\.csv:2: hits is "-1"/],
    ['a count beyond all', 'day,host,hits,telemetry\n2025-03-01,a,1,9999999999999999', /^a\.csv:2: telemetry/],
    ['no day', 'day,host,hits,telemetry\n2025-02-30,a,1,10', /^a\.csv:2: day is "2025-02-30", no day as 2025-03-01/],
    ['a time of day', 'day,host,hits,telemetry\n2025-02-03T12:00:00Z,a,1,10', /^a\.csv:2: day is/],
    ['hits above the telemetry', 'day,host,hits,telemetry\n2025-03-01,a,11,10', /^a\.csv:2: 11 hits among 10 events/],
    ['a row twice', `${COUNTS}2025-03-02,WS-1,0,5`, /^a\.csv:5: the same row as at a\.csv:3/],
    ['too few values', `${COUNTS}2025-03-02,ws-9`, /^a\.csv:5: 2 values, where the header has 4/],
    ['a quote that does not end', `${COUNTS}2025-03-02,"ws-9,1,1\n\n`, /^a\.csv:5: a quoted value does not end/],
    [
      'something behind a quote',
      `${COUNTS}2025-03-02,"ws"9,1,1\n\n`,
      /^a\.csv:5: something stands behind a quoted value/,
    ],
    ['nothing', '', /^a\.csv: has no rows/],
    ['a header alone', 'day,host,hits,telemetry\n', /^a\.csv: no counts by day and host/],
    ['values alone', 'field,value,hits,hosts\nImage,a,1,1', /^a\.csv: no counts by day and host/],
    [
      'a field of another question',
      `${COUNTS}field,value,hits,hosts\nUser,a,1,1`,
      /^a\.csv:6: the question has no field "User", but Image/,
    ],
    ['a new value on a day without counts', `${COUNTS}day,fresh\n2025-05-01,1`, /^a\.csv:6: no count is of 2025-05-01/],
  ])('%s', (_, text, message) => {
    expect(() => read(text)).toThrow(InputError);
    expect(() => read(text)).toThrow(message);
  });

  it('the same file twice', () => expect(() => read(COUNTS, COUNTS)).toThrow(/^b\.csv:2: the same row as at a\.csv:2/));

  it('a table that a store may have cut off', () => {
    const rows = Array.from({ length: 10_000 }, (_, at) => `2025-03-01,ws-${at},0,1`);
    expect(() => read(`day,host,hits,telemetry\n${rows.join('\n')}`)).toThrow(
      /^a\.csv:10001: the table has 10000 rows/,
    );
    expect(read(`day,host,hits,telemetry\n${rows.slice(1).join('\n')}`).hosts).toHaveLength(9999);
  });
});

describe('any text', () => {
  it('is rows, or an error with a place', () => {
    const piece = fc.constantFrom(
      'day',
      'host',
      'hits',
      'telemetry',
      ',',
      '"',
      '\n',
      '\r\n',
      '1',
      '2025-03-01',
      '\u0000',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        try {
          read(pieces.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as Error).message).toMatch(/^a\.csv/);
        }
      }),
      { numRuns: 400, seed: 3 },
    );
  });

  it('that was quoted is read as it was, with the lines counted', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ') });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), (rows) => {
        const text = rows.map((cells) => cells.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')).join('\n');
        const found = csvRows(text, 'a.csv');
        expect(found.map(({ cells }) => cells)).toEqual(rows);
        let line = 1;
        for (const [at, cells] of rows.entries()) {
          expect(found[at].line).toBe(line);
          line += 1 + cells.join('').split('\n').length - 1;
        }
      }),
      { numRuns: 200, seed: 4 },
    );
  });

  it('of a million commas takes no time', () => {
    const start = cpuTime();
    expect(() => read(','.repeat(1_000_000))).toThrow(InputError);
    expect(cpuTime() - start).toBeLessThan(5000);
  });
});
