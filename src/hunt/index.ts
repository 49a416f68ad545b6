// The door to hunts: rules over logs, the document of what was found, and the event that comes nearest to a rule.

export {
  type Hit,
  type HitEvent,
  HUNT_SCHEMA,
  type HuntDocument,
  type NeverMatch,
  type NotLoaded,
  type RuleName,
} from './document.ts';
export { Hunt } from './hunt.ts';
export type { HuntRule } from './hunt-rule.ts';
export type { Failed } from './near-miss.ts';
export { NearestMiss, type NearMiss } from './nearest-miss.ts';
