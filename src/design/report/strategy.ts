// The alerting-and-detection-strategy document of a funnel (after Palantir's framework): every statement from the funnel, with its figure, and what is not known said.

import { type Block, heading, say } from './blocks.ts';
import { blindSpots, falsePositives } from './strategy-limits.ts';
import { categorisation, goal, strategyAbstract, summary, technicalContext } from './strategy-scope.ts';
import { priority, provenance, response, validation } from './strategy-use.ts';
import type { Subject } from './subject.ts';

export function strategyTitle({ funnel }: Subject): string {
  const technique = funnel.technique === null ? '' : ` (${funnel.technique})`;
  return `Detection strategy: ${funnel.name ?? funnel.id}${technique}`;
}

/** In the order of the framework. */
export function strategyBlocks(subject: Subject): readonly Block[] {
  const { name, id, technique } = subject.funnel;
  return [
    heading(1, say`Detection strategy: ${name ?? id}${technique === null ? '' : say` (${technique})`}`),
    ...summary(subject),
    ...goal(subject),
    ...categorisation(subject),
    ...strategyAbstract(subject),
    ...technicalContext(subject),
    ...blindSpots(subject),
    ...falsePositives(subject),
    ...validation(subject),
    ...priority(subject),
    ...response(subject),
    ...provenance(subject),
  ];
}
