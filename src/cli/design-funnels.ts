// From dossiers and an environment to funnels: sessions are read, the history is counted or, for examples, its figures are written down.

import { type AnsweredFigures, ELSEWHERE } from '../design/counting/answered-figures.ts';
import { staticFigures } from '../design/counting/children-baseline.ts';
import type { TechniqueSessions } from '../design/counting/count-observables.ts';
import type { FunnelDocument } from '../design/document.ts';
import { heldBackNotes, isOwnNote } from '../design/exclusions/exclusion-notes.ts';
import type { Mined } from '../design/exclusions/mining.ts';
import { type Figures, fixtureFigures, NO_FIGURES } from '../design/funnel/baseline.ts';
import { funnelOf } from '../design/funnel/funnel.ts';
import { resilienceOf, type ScopeEvidence } from '../design/resilience.ts';
import type { SourceName, Technique } from '../design/technique.ts';
import { InputError } from '../errors.ts';
import { readChildrenDocument } from './children-documents.ts';
import { type CountedHistory, countHistory, type HistoryFlags, unaskedStores } from './design-history.ts';
import { type ResultFlags, readResults, resultFiles } from './design-results.ts';
import { type JudgedSessions, judgeSessions } from './design-sessions.ts';
import { inputsSha256, type LoadedDossiers } from './dossier-files.ts';
import { EXIT, type ExitCode, failureLine } from './exit.ts';
import type { Face } from './print.ts';

export interface CountOptions extends HistoryFlags, ResultFlags {
  /** Figures stand in the environment. */
  readonly fixtures?: boolean;
  /** Where the labelled sessions are; without, beside each dossier. */
  readonly sessions?: string;
}

export interface Funnels {
  /** One for each dossier, in their order. */
  readonly documents: readonly FunnelDocument[];
  readonly code: ExitCode;
}

/** What was read and counted for the dossiers of a run. */
export interface Evidence {
  readonly figures: Figures;
  readonly judged: ReadonlyMap<string, JudgedSessions>;
  readonly counted: CountedHistory | undefined;
  /** What stores elsewhere answered. */
  readonly answered: AnsweredFigures | undefined;
  readonly engine: string;
  readonly failed: boolean;
}

export async function funnelsOf(loaded: LoadedDossiers, options: CountOptions, face: Face): Promise<Funnels> {
  const { techniques, environment } = loaded;
  const evidence = await gather(loaded, options, face);
  const { counted, answered } = evidence;
  const documents = techniques.map((technique) => {
    const { judge, notes } = evidence.judged.get(technique.id)!;
    const sessions = judge.evidence();
    const own = technique.primitives.flatMap(({ observables }) => observables.map(({ id }) => id));
    const mined = new Map(own.flatMap((id) => minedOf(counted, id)));
    return funnelOf({
      technique,
      together: techniques,
      environment,
      figures: evidence.figures,
      sessions,
      exclusions: [...mined.values()].flatMap(({ entries }) => entries),
      resilience: (scope) =>
        resilienceOf(
          technique,
          scope.map(
            ({ observable }): ScopeEvidence => ({
              observable,
              exclusionLevels: mined.get(observable)?.exclusions.map(({ level }) => level) ?? [],
              sessionsHit: attacksIn(technique, sessions.get(observable)?.hit).filter(
                (id) => !mined.get(observable)?.silenced.includes(id),
              ),
              sessionsAble: attacksIn(technique, sessions.get(observable)?.telemetry),
            }),
          ),
        ),
      engine: evidence.engine,
      window: counted?.window ?? answered?.window ?? null,
      inputsSha256: inputsSha256(technique, environment),
      notes: [
        ...notes,
        ...(options.fixtures || answered ? [] : unaskedStores(environment, options)),
        ...(counted?.notes ?? []).filter((note) => isOwnNote(note, own, evidence.figures)),
        ...[...mined].flatMap(([id, one]) => heldBackNotes(id, one)),
        ...(answered?.notes ?? []),
      ],
    });
  });
  return { documents, code: evidence.failed ? EXIT.input : loaded.code };
}

/** Sessions first: what they refute is not counted. `logSources` are counted besides. */
export async function gather(
  { techniques, environment, acceptances }: Omit<LoadedDossiers, 'code'>,
  options: CountOptions,
  face: Face,
  logSources: readonly SourceName[] = [],
): Promise<Evidence> {
  const results = resultFiles(options, techniques);
  const judged = await judgeSessions(techniques, options.sessions, face);
  let counted: CountedHistory | undefined;
  let failed = [...judged.values()].some((one) => one.failed);
  // The steps before E are answered without a history.
  const attempt = async <T>(read: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      face.err(failureLine(error));
      failed = true;
      return undefined;
    }
  };
  let answered: AnsweredFigures | undefined;
  if (!options.fixtures) {
    if (results.size > 0) answered = await attempt(() => readResults(results, techniques, environment, options));
    counted = await attempt(() =>
      countHistory(
        techniques,
        environment,
        (one) => sessionsOf(judged, one),
        { ...options, answered: new Set(results.keys()), acceptances },
        face,
        logSources,
      ),
    );
  }
  const figures = options.fixtures
    ? fixtureFigures(environment)
    : new Map([...(counted?.figures ?? NO_FIGURES), ...(answered?.figures ?? NO_FIGURES)]);
  const engines = [...(counted ? [counted.engine] : []), ...(answered ? [ELSEWHERE] : [])];
  return {
    figures: withStatic(figures, staticFigures(techniques, (options.children ?? []).map(readChildrenDocument))),
    judged,
    counted,
    answered,
    engine: options.fixtures ? 'fixtures' : engines.join(' and ') || 'none',
    failed: failed || counted?.failed === true,
  };
}

/** What the file of a parent says stands where nothing was counted. */
function withStatic(figures: Figures, own: Figures): Figures {
  const missing = [...own].filter(([id]) => figures.get(id)?.hitsPerDay === undefined);
  return missing.length === 0 ? figures : new Map([...figures, ...missing]);
}

function sessionsOf(judged: ReadonlyMap<string, JudgedSessions>, { id }: Technique): TechniqueSessions {
  const { judge } = judged.get(id)!;
  return {
    evidence: judge.evidence(),
    attackRows: (observable) => judge.attackRows(observable),
    unmarkedRows: (observable) => judge.unmarkedRows(observable),
  };
}

function minedOf(counted: CountedHistory | undefined, id: string): readonly (readonly [string, Mined])[] {
  const mined = counted?.exclusions.get(id);
  return mined ? [[id, mined]] : [];
}

function attacksIn({ sessions }: Technique, seen: ReadonlySet<string> | undefined): readonly string[] {
  return sessions.flatMap(({ id, label }) => (label === 'attack' && seen?.has(id) ? [id] : []));
}
