// How `winnow events` writes an event: a line for a person, chosen fields, JSON, XML or CSV.

import Papa from 'papaparse';
import { JsonSink } from '../evtx/index.ts';
import { type EventSystem, type LogEvent, type SystemName, systemTitle, valuesOf } from '../logs/index.ts';
import { eventJson, eventXml } from './event-shapes.ts';
import { brief, type Face, plain, type Style, safeJson, safeXml } from './print.ts';

/** An event that was found; each part is built when it is asked for. Each may throw BinXmlError. */
export interface FoundEvent {
  readonly event: () => LogEvent;
  readonly system: () => EventSystem;
  /** Of EVTX: writes the record as JSON, and as XML. */
  readonly writeJson?: (sink: JsonSink) => void;
  readonly xml?: () => string;
}

/** Takes events one after the other; flushed whenever it is full. */
export interface EventTaker {
  readonly take: (found: FoundEvent) => void;
  /** Writes what is held; done when more may follow. */
  readonly flush: () => Promise<void>;
  readonly isFull: () => boolean;
}

/** Bytes or characters that are held before they are written. */
const FULL = 1 << 20;

export type OutputForm = 'lines' | 'json' | 'xml' | 'csv';

/** An output of a form; with `fields`, of these only; `isPart` where others come before it. */
export function outputOf(
  form: OutputForm,
  fields: readonly string[] | undefined,
  face: Face,
  style: Style,
  messageOf: (event: LogEvent) => string | undefined,
  isPart = false,
): EventTaker {
  switch (form) {
    case 'json':
      return fields ? textOutput(face, (found) => `${fieldsJson(found.event(), fields, face)}\n`) : jsonOutput(face);
    case 'xml':
      return textOutput(face, (found) => {
        const xml = onOneLine(found.xml?.() ?? eventXml(found.event()));
        return `${face.outIsTerminal ? safeXml(xml) : xml}\n`;
      });
    case 'csv': {
      const columns = fields ?? CSV_COLUMNS;
      const row = (values: readonly string[]): string => {
        const line = Papa.unparse([values as string[]]);
        return `${face.outIsTerminal ? plain(line, '\n') : line}\n`;
      };
      return textOutput(face, (found) => row(csvValues(found.event(), fields)), isPart ? '' : row(columns));
    }
    case 'lines':
      return textOutput(face, (found) => {
        const event = found.event();
        return fields
          ? `${fields.map((field) => brief(valuesOf(event, field).join('; '), LONGEST_FIELD)).join('\t')}\n`
          : line(event, style, messageOf(event));
      });
  }
}

/** Line ends of texts as references, which mean the same: one event is one line, and who reads XML takes CR for LF. */
function onOneLine(xml: string): string {
  return xml.replaceAll('\r', '&#13;').replaceAll('\n', '&#10;');
}

const LONGEST_FIELD = 10_000;
const LONGEST_DATA = 400;
const CSV_SYSTEM: readonly SystemName[] = ['timeCreated', 'channel', 'provider', 'eventId', 'recordId', 'computer'];
/** Without the attribute, so that it is read back. */
const CSV_COLUMNS = [...CSV_SYSTEM.map((name) => systemTitle(name).replace(/_.*/, '')), 'Data', 'Log'];

function csvValues(event: LogEvent, fields: readonly string[] | undefined): readonly string[] {
  if (fields) return fields.map((field) => valuesOf(event, field).join('; '));
  const data = JSON.stringify(event.data.map(([name, text]) => ({ [name]: text })));
  return [...CSV_SYSTEM.map((name) => event.system[name] ?? ''), data, event.place.log];
}

/** A JSON object of some fields: a text, a list of several, null where the event has none of that name. */
function fieldsJson(event: LogEvent, fields: readonly string[], face: Face): string {
  const entries = fields.map((field) => {
    const values = valuesOf(event, field);
    return [field, values.length > 1 ? values : (values[0] ?? null)];
  });
  const json = JSON.stringify(Object.fromEntries(entries));
  return face.outIsTerminal ? safeJson(json) : json;
}

function line({ system, data }: LogEvent, style: Style, message: string | undefined): string {
  const names = [system.timeCreated, system.channel, system.eventId, system.computer].map((one) =>
    brief(one ?? '-', 200),
  );
  const told = data.map(([name, text]) => `${name}=${text}`).join(' ');
  const [time, channel, id, computer] = names;
  const what = message === undefined ? brief(told, LONGEST_DATA) : brief(message.replaceAll(/\s+/g, ' '), LONGEST_DATA);
  return `${style.weak(time)}  ${channel} ${style.strong(id)}  ${style.weak(computer)}  ${what}\n`;
}

/** JSON in the shape of evtx_dump; of an EVTX record without any text in between. */
function jsonOutput(face: Face): EventTaker {
  let sink = new JsonSink();
  /** One that is written out and may be filled again. */
  let spare: JsonSink | undefined;
  const encoder = new TextEncoder();
  return {
    take: (found) => {
      if (found.writeJson) {
        found.writeJson(sink);
        sink.byte(10);
        return;
      }
      const bytes = encoder.encode(`${eventJson(found.event())}\n`);
      sink.reserve(bytes.length);
      sink.bytes.set(bytes, sink.length);
      sink.length += bytes.length;
    },
    isFull: () => sink.length > FULL,
    flush: async () => {
      const full = sink;
      const bytes = full.bytes.subarray(0, full.length);
      sink = spare ?? new JsonSink();
      spare = undefined;
      if (face.outBytes && !face.outIsTerminal) await face.outBytes(bytes);
      else face.out(safeJson(new TextDecoder().decode(bytes)));
      full.length = 0;
      spare = full;
    },
  };
}

function textOutput(face: Face, write: (found: FoundEvent) => string, head = ''): EventTaker {
  let held: string[] = head === '' ? [] : [head];
  let length = head.length;
  return {
    take: (found) => {
      const text = write(found);
      held.push(text);
      length += text.length;
    },
    isFull: () => length > FULL,
    flush: async () => {
      const text = held.join('');
      held = [];
      length = 0;
      if (text === '') return;
      if (face.outBytes) await face.outBytes(new TextEncoder().encode(text));
      else face.out(text);
    },
  };
}
