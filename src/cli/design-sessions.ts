// From the labelled sessions of a dossier to what they say of it: each log is read whole and once, from the dossier's folder or the one that a run names.

import { dirname, isAbsolute, resolve } from 'node:path';
import { SessionJudge } from '../design/sessions/session-judge.ts';
import type { Session, Technique } from '../design/technique.ts';
import { InputError } from '../errors.ts';
import { OWN_NAMES } from '../hunt/event-binding.ts';
import { eventsOf, type LogEvent, LogReport, ticksOf } from '../logs/index.ts';
import { failureLine } from './exit.ts';
import { isFile, isFolder } from './files.ts';
import { logsOf, namedLogs, reportLines } from './log-inputs.ts';
import { count, type Face, listed, plain, progressOn } from './print.ts';

export interface JudgedSessions {
  readonly judge: SessionJudge<LogEvent>;
  /** What a reader of the funnel should know: sessions that are not at hand. */
  readonly notes: readonly string[];
  /** A session that a run names a folder for could not be read. */
  readonly failed: boolean;
}

/** A log, and all that takes its events. */
interface Reading {
  readonly path: string;
  readonly takers: ((event: LogEvent) => void)[];
  /** Ids of techniques. */
  readonly techniques: Set<string>;
}

/**
 * What the sessions of each technique say, by its id; a log that several of them name is read once. `folder` is where a run says they are. Sessions that are not there
 * tell nothing: a failure only where a folder is named.
 */
export async function judgeSessions(
  techniques: readonly Technique[],
  folder: string | undefined,
  face: Face,
): Promise<ReadonlyMap<string, JudgedSessions>> {
  const readings = new Map<string, Reading>();
  const failed = new Set<string>();
  const judges = techniques.map((technique) => {
    const judge = new SessionJudge(technique, OWN_NAMES);
    const absent: string[] = [];
    for (const session of technique.sessions) {
      const path = placeOf(session, technique, folder);
      if (!isFile(path) && !isFolder(path)) {
        absent.push(session.id);
        if (folder === undefined) continue;
        failed.add(technique.id);
        const { line, column } = session.at;
        face.err(
          `winnow: ${plain(`${technique.file}:${line}:${column}: the session '${session.id}' is not at ${path}`)}\n`,
        );
        continue;
      }
      const reading = readings.get(path) ?? { path, takers: [], techniques: new Set() };
      readings.set(path, reading);
      reading.takers.push(takerWithin(judge, session));
      reading.techniques.add(technique.id);
    }
    return { id: technique.id, judge, absent };
  });
  const progress = progressOn(face, false);
  for (const [i, reading] of [...readings.values()].entries()) {
    progress.step(`session ${reading.path}`, i + 1, readings.size);
    if (!(await readSession(reading, face))) for (const id of reading.techniques) failed.add(id);
  }
  progress.end();
  return new Map(
    judges.map(({ id, judge, absent }) => {
      const notes: string[] = [];
      if (absent.length > 0)
        notes.push(
          `${count(absent.length, 'labelled session')} not at hand, which can tell nothing: ${listed(absent)}`,
        );
      if (judge.isCut) notes.push('more labelled events than are kept: exclusions are held against the first of them');
      return [id, { judge, notes, failed: failed.has(id) }];
    }),
  );
}

/** In the folder that a run names, else beside the dossier, which may bring sessions of its own along. */
function placeOf({ path }: Session, { file }: Technique, folder: string | undefined): string {
  if (isAbsolute(path)) return path;
  const [named, beside] = [folder && resolve(folder, path), resolve(dirname(file), path)];
  return named === undefined || (!isFile(named) && !isFolder(named) && (isFile(beside) || isFolder(beside)))
    ? beside
    : named;
}

/** Gives whether all of it could be read; what not has been told. */
async function readSession({ path, takers }: Reading, face: Face): Promise<boolean> {
  const report = new LogReport();
  let isRead = true;
  try {
    const { paths, failures } = namedLogs([path]);
    for (const failure of failures) throw failure;
    for (const one of paths)
      for await (const log of logsOf(one, report))
        for await (const event of eventsOf(log, report)) for (const take of takers) take(event);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    isRead = false;
    face.err(failureLine(error));
  }
  for (const line of reportLines(report)) face.err(line);
  return isRead && report.refused === 0;
}

/** Takes what is within the session's time. */
function takerWithin(judge: SessionJudge<LogEvent>, session: Session): (event: LogEvent) => void {
  const [take, isWithin] = [judge.taker(session), within(session)];
  return isWithin
    ? (event) => {
        if (isWithin(event)) take(event);
      }
    : take;
}

/** By the time that an event was written; one without is within. Undefined where every event is. */
function within({ window }: Session): ((event: LogEvent) => boolean) | undefined {
  const from = ticksOf(window?.from ?? '');
  const to = ticksOf(window?.to ?? '');
  if (from === undefined && to === undefined) return undefined;
  return ({ system }) => {
    const at = ticksOf(system.timeCreated ?? '');
    if (at === undefined) return true;
    return (from === undefined || at >= from) && (to === undefined || at <= to);
  };
}
