import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dataTemplate, eventRecord, eventTemplate, strings } from '../../fixtures/logs/events.ts';
import { type RecordSpec, type TemplateSpec, value, writeChunks } from '../../fixtures/logs/evtx-writer.ts';
import { seededChunks } from '../../fixtures/logs/seeded-log.ts';
import { BinXmlError } from '../../src/evtx/binxml-error.ts';
import { Chunk } from '../../src/evtx/chunk.ts';
import { EventReader } from '../../src/evtx/event.ts';
import { FieldReader } from '../../src/evtx/field-reader.ts';
import { ARRAY, ValueType } from '../../src/evtx/value-type.ts';
import { SMALL_CHUNKS } from './small-chunks.ts';

const SECURITY = eventTemplate(1, 'Provider', 'Security');
const record = (data?: RecordSpec['values'][number]): RecordSpec =>
  eventRecord(SECURITY, { eventId: 1, recordId: 1n, time: 0n, ...(data && 'template' in data ? { data } : {}) });

function textOf(spec: RecordSpec, name: string): string | undefined {
  const chunk = new Chunk([...writeChunks([spec])][0]);
  return new FieldReader().set(chunk, chunk.records[0]).text(name);
}

describe('a field', () => {
  const two = dataTemplate(2, ['A', ['B', ValueType.uint32], 'A']);

  it('is the first of its name', () => {
    const spec = record({ template: two, values: [value.string('one'), value.uint32(7), value.string('two')] });
    expect(textOf(spec, 'A')).toBe('one');
    expect(textOf(spec, 'B')).toBe('7');
    expect(textOf(spec, 'C')).toBeUndefined();
  });

  it('is nothing in an event without data', () => {
    expect(textOf(record(), 'A')).toBeUndefined();
  });

  it('is read with its event where its place says too little', () => {
    const template: TemplateSpec = {
      id: 3,
      root: {
        name: 'UserData',
        content: [
          {
            name: 'Outer',
            content: [
              { name: 'A', content: ['a ', { slot: 0, type: ValueType.string }] },
              { name: 'B', content: [{ slot: 1, type: ValueType.string | ARRAY }] },
            ],
          },
        ],
      },
    };
    const spec = record({ template, values: [value.string('b'), value.strings('x', 'y')] });
    expect(textOf(spec, 'A')).toBe('a b');
    expect(textOf(spec, 'B')).toBe('x');
    expect(textOf(record(strings(two, 'only')), 'B')).toBe('');
  });

  it('is that of the event, of every field of every event', () => {
    const shapes = JSON.parse(readFileSync(new URL('../../fixtures/logs/event-shapes.json', import.meta.url), 'utf8'));
    const names: string[] = shapes.events.flatMap((one: { fields: { name: string }[] }) =>
      one.fields.map(({ name }) => name),
    );
    const asked = [...new Set(names), 'F1', 'Twice', 'Name', 'Outer', 'Deep'];
    const fields = new FieldReader();
    const events = new EventReader();
    for (const bytes of [...seededChunks(7, 3), ...SMALL_CHUNKS]) {
      const chunk = new Chunk(bytes);
      for (const at of chunk.records) {
        const { data } = events.read(chunk, at);
        fields.set(chunk, at);
        for (const name of asked) {
          const text = data.find(([own]) => own === name)?.[1];
          expect(fields.text(name)).toBe(text);
          expect(fields.fileName(name)).toBe(text?.split(/[\\/]/).at(-1));
        }
      }
    }
  });

  it('has a file name behind its last separator', () => {
    const spec = record({ template: two, values: ['C:\\a b/Net.EXE', 'x', 'y'].map((text) => value.string(text)) });
    const chunk = new Chunk([...writeChunks([spec])][0]);
    expect(new FieldReader().set(chunk, chunk.records[0]).fileName('A')).toBe('Net.EXE');
    expect(new FieldReader().set(chunk, chunk.records[0]).fileName('C')).toBeUndefined();
  });

  it('is refused as its event is where the record is damaged', () => {
    const chunk = new Chunk([...writeChunks([record({ template: two, values: [value.string('x')] })])][0]);
    new DataView(chunk.bytes.buffer).setUint32(chunk.records[0] + 24 + 4 + 6, 0xffff_fff0, true);
    expect(() => new FieldReader().set(chunk, chunk.records[0]).text('A')).toThrow(BinXmlError);
  });
});
