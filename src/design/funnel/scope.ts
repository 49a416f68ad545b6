// Step F: each observable of the scope with what it costs, who else shows it, and what to do with a hit.

import { cheaperQuery } from '../../history/query-cost/cheaper-query.ts';
import { queryShape } from '../../history/query-cost/query-shape.ts';
import { planCosts } from '../../history/query-cost/store-costs.ts';
import type { QuestionTime } from '../../history/question.ts';
import type { BaselineEntry, QueryCost, ScopeEntry } from '../document.ts';
import type { Environment } from '../environment.ts';
import { isSameLogSource, logSourceText } from '../log-source.ts';
import { counted } from '../shown-text.ts';
import type { Observable, Primitive, Technique } from '../technique.ts';

/** At most this share of the alerts that an analyst can take is one rule's; without a figure, one alert a day. */
const SHARE_OF_ALERTS = 0.1;
const ALERTS_A_DAY = 1;

/** `others`: the dossiers that are run together, this one among them. */
export function scopeEntry(
  observable: Observable,
  primitive: Primitive,
  entry: BaselineEntry,
  technique: Technique,
  others: readonly Technique[],
  environment: Environment,
  time: QuestionTime | undefined,
): ScopeEntry {
  const sharing = others.filter((one) => one.id !== technique.id && showsToo(one, observable));
  const context = {
    dossiers: sharing.map(({ id }) => id).sort(),
    techniques: [
      ...new Set([
        ...sharing.flatMap(({ attack }) => attack?.technique ?? []),
        ...observable.context.unrelatedTechniques,
      ]),
    ].sort(),
  };
  return {
    observable: observable.id,
    primitive: primitive.id,
    predicate: observable.predicate?.text ?? null,
    log_source: observable.logSource ? logSourceText(observable.logSource) : null,
    level: observable.level ?? null,
    column: observable.column ?? null,
    verdict: entry.verdict,
    hits_per_day: entry.hits_per_day,
    cost: costOf(observable, environment, time),
    context,
    enrichment: observable.context.enrichment,
    ...adviceOf(observable, entry, context.techniques.length, environment),
  };
}

/** Of one predicate over one log source. */
function showsToo({ primitives }: Technique, { predicate, dataComponent, logSource }: Observable): boolean {
  if (predicate === undefined) return false;
  return primitives.some(({ observables }) =>
    observables.some(
      (one) =>
        one.predicate?.text === predicate.text &&
        one.dataComponent === dataComponent &&
        isSameLogSource(one.logSource, logSource),
    ),
  );
}

/** `time` where it was measured. */
function costOf({ predicate }: Observable, { stores }: Environment, time: QuestionTime | undefined): QueryCost {
  const { text: shape, part } = queryShape(predicate?.condition);
  const engines = stores.map(({ engine }) => engine);
  const cheaper = predicate && cheaperQuery(predicate.condition, part, engines);
  return {
    shape,
    seconds: time?.seconds ?? null,
    plan: planCosts(part, engines),
    ...(cheaper ? { rewrite: cheaper.text } : {}),
    ...(typeof time?.cheaperSeconds === 'number' ? { rewrite_seconds: time.cheaperSeconds } : {}),
    ...(time ? { sample_events: time.events } : {}),
  };
}

function adviceOf(
  { level }: Observable,
  { hits_per_day, after_exclusions, verdict }: BaselineEntry,
  techniques: number,
  { alertsPerDay }: Environment,
): Pick<ScopeEntry, 'advice' | 'advice_reason'> {
  const p90 = (verdict === 'tunable' ? after_exclusions : hits_per_day)?.p90 ?? 0;
  const bearable = alertsPerDay === undefined ? ALERTS_A_DAY : alertsPerDay * SHARE_OF_ALERTS;
  if (level !== undefined && level <= 2)
    return { advice: 'hunt', advice_reason: `level ${level}: the attacker changes what it looks for at little cost` };
  if (techniques > 0)
    return {
      advice: 'correlate',
      advice_reason: `${techniques} other technique${techniques === 1 ? ' shows' : 's show'} the same`,
    };
  if (p90 > bearable)
    return {
      advice: 'correlate',
      advice_reason: `${counted(p90, 'hit')} a day at p90, more than ${bearable} an alert may have`,
    };
  return {
    advice: 'alert',
    advice_reason: `${counted(p90, 'hit')} a day at p90, within the ${bearable} an alert may have`,
  };
}
