// The door to the event log reader: a file's chunks, their records, and each record as JSON, XML or fields.

export { fileTimeText } from '../bytes/file-time.ts';
export type { ByteSource } from '../bytes/source.ts';
export { sourceOf } from '../bytes/source.ts';
export { BinXmlError } from './binxml-error.ts';
export { Chunk } from './chunk.ts';
export type { ChunkHeader } from './chunk-header.ts';
export { type AskedChunks, type LogFile, openLog, type Segment } from './chunks.ts';
export { EventReader, type EvtxEvent, type Field } from './event.ts';
export { FieldReader } from './field-reader.ts';
export { type FileHeader, isEventLog } from './file-header.ts';
export { JsonSink } from './json-sink.ts';
export { JsonWriter } from './json-writer.ts';
export { type Criteria, Query, type Verdict } from './query.ts';
export type { SystemName } from './system-fields.ts';
export { TemplateStore } from './template-store.ts';
export { type Attribute, type Content, type Element, readTree } from './tree.ts';
export { xmlOf, xmlText } from './xml-tree.ts';
