// The door to event sources: logs of any form, plain or packed, as events of one shape.

export type { ByteSource } from '../bytes/source.ts';
export { sourceOf } from '../bytes/source.ts';
export type { Field } from '../evtx/event.ts';
export type { Criteria } from '../evtx/query.ts';
export { SYSTEM_PLACES, type SystemName } from '../evtx/system-fields.ts';
export { wantedBy } from './criteria.ts';
export { type EventPlace, type EventSystem, type LogEvent, systemNameOf, systemTitle, valuesOf } from './event.ts';
export { evtxEvents, lost, type WantedRecord, wantedRecords } from './evtx-events.ts';
export type { Glance } from './glance.ts';
export type { ByteStream, LogInput } from './log-input.ts';
export { LogReport, type ReportPart } from './log-report.ts';
export { ticksOf } from './log-time.ts';
export { eventsOf, type OpenedLog, openLogs, type ReadOptions, type TextForm } from './open-logs.ts';
