// Funnels built by hand for tests: the method's example of eight primitives, and changes of it.

import type { FunnelDocument, PrimitiveState } from '../../src/design/document.ts';

type Given = Pick<PrimitiveState, 'id' | 'name' | 'control' | 'state' | 'colour' | 'letter'> & {
  readonly varies?: PrimitiveState['varies'];
  readonly procedures?: readonly string[];
};

export function primitive({ procedures = ['A', 'B'], varies = null, ...given }: Given): PrimitiveState {
  return {
    ...given,
    necessity: given.state === 'optional' ? 'optional' : 'necessary',
    evidence: { procedures, sessions_hit: [], sessions_total: 0, broken_by: [], cannot_tell: [] },
    varies,
  };
}

const PRIMITIVES: readonly PrimitiveState[] = [
  primitive({ id: 'PM1', name: 'fixed action one', control: 'fixed', state: 'scope', colour: 'green', letter: 'G' }),
  primitive({ id: 'PM2', name: 'fixed action two', control: 'fixed', state: 'scope', colour: 'green', letter: 'G' }),
  primitive({ id: 'PM3', name: 'fixed but unseen', control: 'fixed', state: 'gap', colour: 'purple', letter: 'P' }),
  primitive({
    id: 'PM4',
    name: 'drops a library',
    control: 'attacker_controlled',
    state: 'over_budget',
    colour: 'amber',
    letter: 'A',
    varies: { field: 'file.name', known_values: 23, open_ended: true },
  }),
  primitive({
    id: 'PM5',
    name: 'picks a channel',
    control: 'attacker_controlled',
    state: 'gap',
    colour: 'purple',
    letter: 'P',
    varies: { field: 'pipe.name', known_values: null, open_ended: true },
  }),
  primitive({
    id: 'PM6',
    name: 'optional clean-up',
    control: 'fixed',
    state: 'optional',
    colour: 'grey',
    letter: 'O',
    procedures: ['A'],
  }),
  primitive({
    id: 'PM7',
    name: 'optional discovery',
    control: 'attacker_controlled',
    state: 'optional',
    colour: 'grey',
    letter: 'O',
    procedures: ['B'],
  }),
  primitive({
    id: 'PM8',
    name: 'optional beacon',
    control: 'attacker_controlled',
    state: 'optional',
    colour: 'grey',
    letter: 'O',
    procedures: ['B'],
  }),
];

const NECESSARY = ['PM1', 'PM2', 'PM3', 'PM4', 'PM5'];

/** The method's own example: 8, 5, 3/2, 3/2, 2 and 2/8. */
export const EXAMPLE: FunnelDocument = {
  schema: 'winnow.funnel/1',
  id: 'example-8',
  name: 'Eight-primitive example',
  technique: 'T0000',
  attack_version: '18.1',
  environment: 'example-env',
  inputs_sha256: '0'.repeat(64),
  engine: 'fixtures',
  window: null,
  steps: [
    { id: 'A', kept: PRIMITIVES.map(({ id }) => id), dropped: [] },
    {
      id: 'B',
      kept: NECESSARY,
      dropped: [
        { id: 'PM6', reason: 'optional: in 1 of 2 procedures (A)' },
        { id: 'PM7', reason: 'optional: in 1 of 2 procedures (B)' },
        { id: 'PM8', reason: 'optional: in 1 of 2 procedures (B)' },
      ],
    },
    { id: 'C', kept: NECESSARY, dropped: [] },
    {
      id: 'D',
      kept: ['PM1', 'PM2', 'PM4'],
      dropped: [
        { id: 'PM3', reason: 'gap: DC0021 is not collected' },
        { id: 'PM5', reason: 'gap: DC0048 is not collected' },
      ],
    },
    {
      id: 'E',
      kept: ['PM1', 'PM2'],
      dropped: [{ id: 'PM4', reason: 'over budget: O4 has 41000 hits a day, the budget is 10' }],
    },
    { id: 'F', kept: ['PM1', 'PM2'], dropped: [] },
  ],
  primitives: PRIMITIVES,
  baseline: [
    {
      observable: 'O1',
      primitive: 'PM1',
      verdict: 'few',
      hits_per_day: { p50: 0.3, p90: 0.3 },
      after_exclusions: null,
      reason: null,
      measured: null,
    },
    {
      observable: 'O2',
      primitive: 'PM2',
      verdict: 'few',
      hits_per_day: { p50: 2.1, p90: 2.1 },
      after_exclusions: null,
      reason: null,
      measured: null,
    },
    {
      observable: 'O4',
      primitive: 'PM4',
      verdict: 'flood',
      hits_per_day: { p50: 41000, p90: 41000 },
      after_exclusions: null,
      reason: null,
      measured: null,
    },
  ],
  exclusions: [],
  scope: [
    {
      observable: 'O1',
      primitive: 'PM1',
      predicate: null,
      log_source: null,
      level: 4,
      column: 'U',
      verdict: 'few',
      hits_per_day: { p50: 0.3, p90: 0.3 },
      cost: { shape: 'no predicate', seconds: null, plan: [] },
      context: { dossiers: [], techniques: [] },
      enrichment: [],
      advice: 'alert',
      advice_reason: '0.3 hits a day are within the budget of 10',
    },
    {
      observable: 'O2',
      primitive: 'PM2',
      predicate: null,
      log_source: null,
      level: 4,
      column: 'K',
      verdict: 'few',
      hits_per_day: { p50: 2.1, p90: 2.1 },
      cost: { shape: 'no predicate', seconds: null, plan: [] },
      context: { dossiers: [], techniques: [] },
      enrichment: [],
      advice: 'alert',
      advice_reason: '2.1 hits a day are within the budget of 10',
    },
  ],
  resilience: { score: '4U', spanning_set: ['O1'], sessions: '0/0', notes: ['no session is labelled attack'] },
  gaps: [
    { data_component: 'DC0021', blocked_primitives: ['PM3'], blocked_techniques: ['example-8'] },
    { data_component: 'DC0048', blocked_primitives: ['PM5'], blocked_techniques: ['example-8'] },
  ],
  side_rules: [],
  empty: null,
  notes: [],
};
