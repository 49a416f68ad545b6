// Runs a template's program: writes one instance as JSON, without anything in between.

import type { RecordValues } from './instance.ts';
import { NO_INSTANCE } from './instance.ts';
import { type JsonProgram, Step } from './json-compile.ts';
import type { JsonSink } from './json-sink.ts';
import type { Source } from './source.ts';
import { arrayItems, isEmptyValue } from './value-text.ts';
import { ARRAY, BARE_SIZE, ValueType } from './value-type.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
/** Writes the instance; false where its values are of a shape that only a tree can be made of: what was written is to be taken back. */
export function runJson(
  program: JsonProgram,
  values: RecordValues,
  instance: number,
  source: Source,
  sink: JsonSink,
): boolean {
  const { steps, texts } = program;
  const first = values.first[instance];
  const count = values.count[instance];
  const { from, size, type } = values;
  let mark = 0;
  let otherwise = -1;
  let written = false;
  for (let at = 0; ; ) {
    switch (steps[at]) {
      case Step.end:
        return !sink.isFull;
      case Step.text:
        sink.words(texts, steps[at + 1], steps[at + 2]);
        at += 3;
        break;
      case Step.value: {
        const index = steps[at + 3];
        const value = first + index;
        sink.words(texts, steps[at + 1], steps[at + 2]);
        if (index >= count || isEmptyValue(source.bytes, type[value], from[value], size[value]))
          sink.words(texts, steps[at + 4], steps[at + 5]);
        else if (!alone(source, type[value], from[value], size[value], sink)) return false;
        at += 6;
        break;
      }
      case Step.dependent: {
        const index = steps[at + 3];
        const value = first + index;
        if (index < count && type[value] !== ValueType.null) {
          sink.words(texts, steps[at + 1], steps[at + 2]);
          if (isEmptyValue(source.bytes, type[value], from[value], size[value])) sink.ascii('null');
          else if (!alone(source, type[value], from[value], size[value], sink)) return false;
          sink.byte(COMMA);
        }
        at += 4;
        break;
      }
      case Step.attribute: {
        const index = steps[at + 1];
        const value = first + index;
        if (index < count && !isEmptyValue(source.bytes, type[value], from[value], size[value])) {
          sink.words(texts, steps[at + 2], steps[at + 3]);
          if (!alone(source, type[value], from[value], size[value], sink)) return false;
          sink.byte(COMMA);
          written = true;
        }
        at += 4;
        break;
      }
      case Step.openAttributes:
        mark = sink.length;
        otherwise = steps[at + 3];
        sink.words(texts, steps[at + 1], steps[at + 2]);
        written = false;
        at += 4;
        break;
      case Step.closeAttributes:
        if (written || otherwise < 0) {
          closeObject(sink);
          at++;
        } else {
          sink.length = mark;
          at = otherwise;
        }
        break;
      case Step.content: {
        const index = steps[at + 1];
        const value = first + index;
        if (index < count && !isEmptyValue(source.bytes, type[value], from[value], size[value])) {
          sink.ascii(',"#text":');
          if (!alone(source, type[value], from[value], size[value], sink)) return false;
        }
        at += 2;
        break;
      }
      case Step.member: {
        const index = steps[at + 1];
        const value = first + index;
        if (index < count && !isEmptyValue(source.bytes, type[value], from[value], size[value])) {
          const within = values.instance[value];
          const member = within === NO_INSTANCE ? undefined : values.template[within].member;
          if (!member || !runJson(member, values, within, source, sink)) return false;
        }
        at += 2;
        break;
      }
      case Step.closeObject:
        closeObject(sink);
        at++;
        break;
      case Step.unless: {
        const index = steps[at + 1];
        at = index >= count || type[first + index] === ValueType.null ? steps[at + 2] : at + 3;
        break;
      }
      case Step.jump:
        at = steps[at + 1];
        break;
      case Step.unnamed: {
        const index = steps[at + 1];
        const value = first + index;
        sink.ascii('"Data":{"#text":');
        if (index >= count || isEmptyValue(source.bytes, type[value], from[value], size[value])) sink.ascii('""');
        else if (type[value] === (ValueType.string | ARRAY)) list(source, from[value], size[value], sink);
        else if (!alone(source, type[value], from[value], size[value], sink)) return false;
        sink.ascii('},');
        at += 2;
        break;
      }
      default:
        return false;
    }
  }
}

/** A value as JSON; false for an array or a fragment, and behind the limit. */
function alone(source: Source, type: number, from: number, size: number, sink: JsonSink): boolean {
  if (type === ValueType.string) {
    sink.quoted(source.view, from, from + size);
    return !sink.isFull;
  }
  if (type >= ARRAY || type === ValueType.binXml) return false;
  if (BARE_SIZE[type] === size) {
    sink.value(source, type, from, size);
    return !sink.isFull;
  }
  sink.byte(QUOTE);
  sink.value(source, type, from, size);
  sink.byte(QUOTE);
  return !sink.isFull;
}

/** The members of an array of strings: one alone, a list, or nothing where it has not the bytes of one. */
function list(source: Source, from: number, size: number, sink: JsonSink): void {
  const items = arrayItems({ bytes: source.bytes, type: ValueType.string | ARRAY, from, size });
  if (items.length === 0) {
    sink.ascii('""');
    return;
  }
  if (items.length !== 1) sink.byte(OPEN_LIST);
  items.forEach((item, i) => {
    if (i > 0) sink.byte(COMMA);
    sink.quoted(source.view, item.from, item.from + item.size);
  });
  if (items.length !== 1) sink.byte(CLOSE_LIST);
}

/** Ends an object: in place of the last comma, or behind the brace. One whose members were all left out is null. */
function closeObject(sink: JsonSink): void {
  const last = sink.bytes[sink.length - 1];
  if (last === COMMA) sink.bytes[sink.length - 1] = CLOSE;
  else if (last === OPEN) {
    sink.length--;
    sink.ascii('null');
  } else sink.byte(CLOSE);
}
