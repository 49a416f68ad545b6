// From the labelled sessions of a dossier to what they say of it: each is read whole, from the dossier's folder or the one that a run names.

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

/** Reads them all; `folder` is where a run says they are. Sessions that are not there tell nothing: a failure only where a folder is named. */
export async function judgeSessions(
  technique: Technique,
  folder: string | undefined,
  face: Face,
): Promise<JudgedSessions> {
  const judge = new SessionJudge(technique, OWN_NAMES);
  const absent: string[] = [];
  const notes: string[] = [];
  let failed = false;
  const progress = progressOn(face, false);
  for (const [i, session] of technique.sessions.entries()) {
    progress.step(`session ${session.id}`, i + 1, technique.sessions.length);
    const path = placeOf(session, technique, folder);
    if (!isFile(path) && !isFolder(path)) {
      absent.push(session.id);
      if (folder === undefined) continue;
      failed = true;
      const { line, column } = session.at;
      face.err(
        `winnow: ${plain(`${technique.file}:${line}:${column}: the session '${session.id}' is not at ${path}`)}\n`,
      );
      continue;
    }
    const report = new LogReport();
    try {
      await readSession(judge, session, path, report);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      failed = true;
      face.err(failureLine(error));
    }
    for (const line of reportLines(report)) face.err(line);
    if (report.refused > 0) failed = true;
  }
  progress.end();
  if (absent.length > 0)
    notes.push(`${count(absent.length, 'labelled session')} not at hand, which can tell nothing: ${listed(absent)}`);
  const unmarked = judge.sessionsUnmarked;
  if (unmarked.length > 0)
    notes.push(
      `attack_events mark no event of ${listed(unmarked)}: no hit of these sessions is labelled as the attack's`,
    );
  if (judge.isCut) notes.push('more labelled events than are kept: exclusions are held against the first of them');
  return { judge, notes, failed };
}

/** In the folder that a run names, else beside the dossier, which may bring sessions of its own along. */
function placeOf({ path }: Session, { file }: Technique, folder: string | undefined): string {
  if (isAbsolute(path)) return path;
  const [named, beside] = [folder && resolve(folder, path), resolve(dirname(file), path)];
  return named === undefined || (!isFile(named) && !isFolder(named) && (isFile(beside) || isFolder(beside)))
    ? beside
    : named;
}

async function readSession(
  judge: SessionJudge<LogEvent>,
  session: Session,
  path: string,
  report: LogReport,
): Promise<void> {
  judge.begin(session);
  const isWithin = within(session);
  const { paths, failures } = namedLogs([path]);
  for (const failure of failures) throw failure;
  for (const one of paths)
    for await (const log of logsOf(one, report))
      for await (const event of eventsOf(log, report)) if (isWithin(event)) judge.take(event);
}

/** By the time that an event was written; one without is within. */
function within({ window }: Session): (event: LogEvent) => boolean {
  const from = ticksOf(window?.from ?? '');
  const to = ticksOf(window?.to ?? '');
  if (from === undefined && to === undefined) return () => true;
  return ({ system }) => {
    const at = ticksOf(system.timeCreated ?? '');
    if (at === undefined) return true;
    return (from === undefined || at >= from) && (to === undefined || at <= to);
  };
}
