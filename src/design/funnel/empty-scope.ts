// An empty scope is a result: which step emptied it, and the smallest change that would give one.

import type { EmptyScope, Step } from '../document.ts';
import type { Environment } from '../environment.ts';
import { logSourceText } from '../log-source.ts';
import { observableCondition } from '../observable-condition.ts';
import { counted } from '../shown-text.ts';
import type { Technique } from '../technique.ts';
import { NOTHING_COUNTED } from './baseline.ts';
import { gapComponents } from './gaps.ts';

export function emptyScope(steps: readonly Step[], technique: Technique, environment: Environment): EmptyScope {
  const emptied = steps.find(({ kept }) => kept.length === 0) ?? steps[steps.length - 1];
  const why = emptied.dropped.map(({ id, reason }) => `${id}: ${reason}`).join('; ');
  return { step: emptied.id, why, change: changeFor(emptied, technique, environment) };
}

function changeFor({ id, dropped }: Step, technique: Technique, environment: Environment): string {
  switch (id) {
    case 'B':
      return dropped.some(({ reason }) => reason.startsWith('refuted'))
        ? 'split the dossier: the procedures of the sessions that break the claim are a technique of their own'
        : 'no primitive is in every procedure: leave out a procedure, or give the ones that differ a dossier of their own';
    case 'D': {
      const gap = nearestGap(
        dropped.map((one) => one.id),
        technique,
        environment,
      );
      return gap === undefined
        ? 'name an observable: the dossier says nothing that would show these primitives'
        : `collect ${gap}: it shows a necessary primitive, and nothing that is collected does`;
    }
    default: {
      const isUnknown = dropped.every(({ reason }) => reason.startsWith('unknown'));
      if (isUnknown && dropped.some(({ reason }) => !reason.includes(NOTHING_COUNTED)))
        return 'a history that can tell: enough days, hosts and fields for a figure';
      return isUnknown
        ? 'ask a history: without a figure nothing is known to be bearable (stores in the environment, or --history)'
        : `exclude what is normal until at most ${counted(environment.budget.maxHitsPerDay, 'hit')} a day ${environment.budget.maxHitsPerDay === 1 ? 'is' : 'are'} left (what an attacker could use too needs --owner and --expiry), or raise max_hits_per_day`;
    }
  }
}

/** What a Windows event log would show comes before what no event shows; then by the ranking of gaps. */
function nearestGap(ids: readonly string[], technique: Technique, environment: Environment): string | undefined {
  const ranked = gapComponents([technique], environment);
  const observables = technique.primitives
    .filter(({ id }) => ids.includes(id))
    .flatMap((one) => one.observables)
    .sort((one, other) => ranked.indexOf(one.dataComponent) - ranked.indexOf(other.dataComponent));
  const nearest = observables.find((one) => one.logSource && observableCondition(one)) ?? observables[0];
  if (!nearest) return undefined;
  return nearest.logSource ? `${nearest.dataComponent} (${logSourceText(nearest.logSource)})` : nearest.dataComponent;
}
