// What the rules of reasons are asked and answer, and how a place of the answer is held against a start.
import { fileName } from '../command-text.ts';
import type { BlindSpot, ChildrenDocument, When } from '../document.ts';
import { isReached } from '../verdict.ts';
import type { RealityEvidence, SeenChild } from './document.ts';
import type { ObservedStart, ProcessFact } from './observed.ts';

export type Finding = Pick<SeenChild, 'share' | 'reason' | 'fit' | 'confidence' | 'evidence'>;

/** A start, held against an answer. */
export interface Asked {
  readonly document: ChildrenDocument;
  readonly start: ObservedStart;
  /** File name of the child in lower case. */
  readonly child: string;
  /** The parent's own command line, where the event or another tells it. */
  readonly parentLine: string | undefined;
  /** What was done to the parent's process before. */
  readonly facts: readonly ProcessFact[];
}

export function named(
  reason: SeenChild['reason'],
  fit: 'shown' | 'possible',
  evidence: readonly RealityEvidence[],
): Finding {
  return { share: 'named', reason, fit, evidence };
}

export function placeOf({
  module,
  site,
  build,
}: {
  readonly module: string;
  readonly site: string;
  readonly build?: string;
}): Pick<RealityEvidence, 'module' | 'site' | 'build'> {
  return { module, site, ...(build === undefined ? {} : { build }) };
}

export function reachedSpots({ blindSpots }: ChildrenDocument): readonly BlindSpot[] {
  return blindSpots.filter(({ reach }) => isReached(reach));
}

/** The parent's command line is known, and lacks what the program does not come to the call without. */
export function contradicts(when: When | undefined, parentLine: string | undefined): boolean {
  if (when === undefined || parentLine === undefined) return false;
  const line = parentLine.toLowerCase();
  return !when.parentArguments.every(({ anyOf }) => anyOf.some((text) => line.includes(text.toLowerCase())));
}

/** Whether a program whose name begins with constant text can be this one; of a bare name the path is not compared. */
export function begins({ begins: text }: BlindSpot, { image, commandLine }: ObservedStart): boolean {
  if (text === undefined || text.includes('%') || text.includes('<')) return true;
  const wanted = text.toLowerCase().replace(/^"/, '');
  return [image, fileName(image), (commandLine ?? '').replace(/^"/, '')].some((one) =>
    one.toLowerCase().startsWith(wanted),
  );
}

export function isRead({ modules }: ChildrenDocument, name: string): boolean {
  return modules.some(
    (module) =>
      module.found && module.role !== 'generic' && module.skipped === undefined && module.name.toLowerCase() === name,
  );
}
