// Collects from events what an answer is held against: starts of processes, the modules that a parent loaded, the threads that others started in it.
import { type EventPlace, fieldReader, type LogEvent } from '../../logs/event.ts';
import type { Glance } from '../../logs/glance.ts';
import { ticksOf } from '../../logs/log-time.ts';
import { fileName } from '../command-text.ts';
import { codeModuleOf } from './code-modules.ts';
import { type ParentName, parentName } from './parent-name.ts';
import { type KnownProcess, ProcessIndex } from './process-index.ts';
import { isOf, type ProcessStart, processStartOf } from './process-start.ts';

/** A start with what is known of its parent. */
export interface ObservedStart extends ProcessStart {
  /** What stands in its parent field. */
  readonly parent: ParentName;
  /** The process that other events name as its parent. */
  readonly joined?: KnownProcess;
  /** File name of the parent in lower case, by its own field or joined; undefined where neither names a program. */
  readonly parentFile: string | undefined;
}

/** Something that was done to a process before it started a child. */
export interface ProcessFact {
  readonly kind: 'loaded' | 'thread';
  /** Path of the module that was loaded, or of the program that started the thread. */
  readonly path: string;
  readonly time: bigint | undefined;
  readonly place: EventPlace;
}

/** Starts that are kept; of more it is counted how many. */
const MOST_STARTS = 1_000_000;
/** Facts of one process, and processes that have some. */
const MOST_FACTS = 64;
const MOST_PROCESSES = 100_000;

const IMAGE = fieldReader('Image');
const LOADED = fieldReader('ImageLoaded');
const PROCESS = fieldReader('ProcessGuid');
const SOURCE = fieldReader('SourceImage');
const TARGET = fieldReader('TargetImage');
const TARGET_PROCESS = fieldReader('TargetProcessGuid');
const UTC_TIME = fieldReader('UtcTime');

/** One for a reading of logs. `isParent` says whose children are wanted, by file name in lower case. */
export class Observed {
  readonly #isParent: (name: string) => boolean;
  readonly #index = new ProcessIndex();
  /** Starts whose parent is wanted, or is not known yet. */
  readonly #kept: { readonly start: ProcessStart; readonly parent: ParentName }[] = [];
  readonly #facts = new Map<string, ProcessFact[]>();
  /** By parent field and source: nothing else is wanted of the others. */
  readonly #sources = new Map<string, number>();
  readonly #hosts = new Set<string>();
  #others = 0;
  #first: bigint | undefined;
  #last: bigint | undefined;
  #left = 0;

  constructor(isParent: (name: string) => boolean) {
    this.#isParent = isParent;
  }

  /** Whether a record of EVTX may tell something. */
  wants(glance: Glance): boolean {
    const { eventId } = glance;
    if (eventId === 1 || eventId === 4688) return true;
    if (eventId === 7) return this.#isParent((glance.fileName('Image') ?? '').toLowerCase());
    return eventId === 8 && this.#isParent((glance.fileName('TargetImage') ?? '').toLowerCase());
  }

  take(event: LogEvent): void {
    const start = processStartOf(event);
    if (start) this.#takeStart(start);
    else if (event.system.eventId === '7') this.#takeLoad(event);
    else if (event.system.eventId === '8') this.#takeThread(event);
  }

  #takeStart(start: ProcessStart): void {
    const { time, host, source } = start;
    this.#sources.set(source, (this.#sources.get(source) ?? 0) + 1);
    if (host !== '') this.#hosts.add(host);
    if (time !== undefined) {
      if (this.#first === undefined || time < this.#first) this.#first = time;
      if (this.#last === undefined || time > this.#last) this.#last = time;
    }
    this.#index.add(start);
    const parent = parentName(start.parentImage);
    if (parent.kind === 'program' && !this.#isParent(parent.name)) this.#others++;
    else if (this.#kept.length < MOST_STARTS) this.#kept.push({ start, parent });
    else this.#left++;
  }

  #takeLoad(event: LogEvent): void {
    const [image, path, guid] = [IMAGE(event)[0], LOADED(event)[0], PROCESS(event)[0]];
    if (image === undefined || path === undefined || guid === undefined || !isOf(event, 'sysmon')) return;
    if (!this.#isParent(fileName(image).toLowerCase()) || codeModuleOf(path) === undefined) return;
    this.#keep(guid, 'loaded', path, event);
  }

  #takeThread(event: LogEvent): void {
    const [source, image, guid] = [SOURCE(event)[0], TARGET(event)[0], TARGET_PROCESS(event)[0]];
    if (source === undefined || image === undefined || guid === undefined || !isOf(event, 'sysmon')) return;
    if (!this.#isParent(fileName(image).toLowerCase())) return;
    this.#keep(guid, 'thread', source, event);
  }

  #keep(guid: string, kind: ProcessFact['kind'], path: string, event: LogEvent): void {
    const key = guid.toLowerCase();
    const facts = this.#facts.get(key) ?? [];
    if (facts.length === 0) {
      if (this.#facts.size >= MOST_PROCESSES) return;
      this.#facts.set(key, facts);
    }
    if (facts.length >= MOST_FACTS || facts.some((one) => one.kind === kind && one.path === path)) return;
    const time = ticksOf(UTC_TIME(event)[0] ?? '') ?? ticksOf(event.system.timeCreated ?? '');
    facts.push({ kind, path, time, place: event.place });
  }

  /** Process-creation events that were read. */
  get events(): number {
    return this.#kept.length + this.#others + this.#left;
  }

  /** Of them, those whose own parent field names a program that is not wanted. */
  get others(): number {
    return this.#others;
  }

  /** Events that were counted and not kept, because there were too many. */
  get left(): number {
    return this.#left;
  }

  get sources(): readonly { readonly source: string; readonly events: number }[] {
    return [...this.#sources].map(([source, events]) => ({ source, events })).sort((a, b) => b.events - a.events);
  }

  get hostCount(): number {
    return this.#hosts.size;
  }

  get first(): bigint | undefined {
    return this.#first;
  }

  get last(): bigint | undefined {
    return this.#last;
  }

  /** Starts whose parent is wanted or not known, joined to their parents: to be asked once all events are in. */
  *starts(): Generator<ObservedStart, void, undefined> {
    for (const { start, parent } of this.#kept) {
      const twin = start.parentCommandLine === undefined ? this.#index.twinOf(start) : undefined;
      const told: ProcessStart = twin
        ? { ...start, parentCommandLine: twin.parentCommandLine, parentGuid: start.parentGuid ?? twin.parentGuid }
        : start;
      const isWhole = told.parentCommandLine !== undefined && told.parentGuid !== undefined;
      let joined = parent.kind === 'program' && isWhole ? undefined : this.#index.parentOf(told);
      // An id may have been given to another process whose start is not in the logs.
      if (parent.kind === 'program' && joined && fileName(joined.image).toLowerCase() !== parent.name)
        joined = undefined;
      const parentFile = parent.kind === 'program' ? parent.name : joined && fileName(joined.image).toLowerCase();
      yield { ...told, parent, ...(joined ? { joined } : {}), parentFile };
    }
  }

  /** What was done to the process that started this, before it did. */
  factsOf(start: ObservedStart): readonly ProcessFact[] {
    const guid = start.parentGuid ?? start.joined?.guid;
    const facts = guid === undefined ? undefined : this.#facts.get(guid.toLowerCase());
    if (!facts) return [];
    return facts.filter(({ time }) => time === undefined || start.time === undefined || time <= start.time);
  }
}
