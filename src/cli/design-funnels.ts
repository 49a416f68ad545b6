// From dossiers and an environment to funnels: sessions are read, the history is counted or, for examples, its figures are written down.

import { staticFigures } from '../design/counting/children-baseline.ts';
import type { TechniqueSessions } from '../design/counting/count-observables.ts';
import type { FunnelDocument } from '../design/document.ts';
import type { Environment } from '../design/environment.ts';
import type { Mined } from '../design/exclusions/mining.ts';
import { type Figures, fixtureFigures, NO_FIGURES } from '../design/funnel/baseline.ts';
import { funnelOf } from '../design/funnel/funnel.ts';
import { resilienceOf, type ScopeEvidence } from '../design/resilience.ts';
import type { Technique } from '../design/technique.ts';
import { InputError } from '../errors.ts';
import { readChildrenDocument } from './children-documents.ts';
import { type CountedHistory, countHistory, type HistoryFlags, unaskedStores } from './design-history.ts';
import { type JudgedSessions, judgeSessions } from './design-sessions.ts';
import { inputsSha256, type LoadedDossiers } from './dossier-files.ts';
import { EXIT, type ExitCode, failureLine } from './exit.ts';
import type { Face } from './print.ts';

export interface CountOptions extends HistoryFlags {
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
  readonly engine: string;
  readonly failed: boolean;
}

export async function funnelsOf(loaded: LoadedDossiers, options: CountOptions, face: Face): Promise<Funnels> {
  const { techniques, environment } = loaded;
  const evidence = await gather(techniques, environment, options, face);
  const { counted } = evidence;
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
              sessionsHit: attacksIn(technique, sessions.get(observable)?.hit),
              sessionsAble: attacksIn(technique, sessions.get(observable)?.telemetry),
            }),
          ),
        ),
      engine: evidence.engine,
      window: counted?.window ?? null,
      inputsSha256: inputsSha256(technique, environment),
      notes: [...notes, ...(options.fixtures ? [] : unaskedStores(environment, options)), ...(counted?.notes ?? [])],
    });
  });
  return { documents, code: evidence.failed ? EXIT.input : loaded.code };
}

/** Sessions first: what they refute is not counted. */
export async function gather(
  techniques: readonly Technique[],
  environment: Environment,
  options: CountOptions,
  face: Face,
): Promise<Evidence> {
  const judged = new Map<string, JudgedSessions>();
  for (const one of techniques) judged.set(one.id, await judgeSessions(one, options.sessions, face));
  let counted: CountedHistory | undefined;
  let failed = [...judged.values()].some((one) => one.failed);
  if (!options.fixtures)
    try {
      counted = await countHistory(techniques, environment, (one) => sessionsOf(judged, one), options, face);
    } catch (error) {
      // The steps before E are answered without a history.
      if (!(error instanceof InputError)) throw error;
      face.err(failureLine(error));
      failed = true;
    }
  const figures = options.fixtures ? fixtureFigures(environment) : (counted?.figures ?? NO_FIGURES);
  return {
    figures: withStatic(figures, staticFigures(techniques, (options.children ?? []).map(readChildrenDocument))),
    judged,
    counted,
    engine: options.fixtures ? 'fixtures' : (counted?.engine ?? 'none'),
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
  return { evidence: judge.evidence(), attackRows: (observable) => judge.attackRows(observable) };
}

function minedOf(counted: CountedHistory | undefined, id: string): readonly (readonly [string, Mined])[] {
  const mined = counted?.exclusions.get(id);
  return mined ? [[id, mined]] : [];
}

function attacksIn({ sessions }: Technique, seen: ReadonlySet<string> | undefined): readonly string[] {
  return sessions.flatMap(({ id, label }) => (label === 'attack' && seen?.has(id) ? [id] : []));
}
