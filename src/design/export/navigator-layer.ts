// A layer of the ATT&CK Navigator (layer format 4.5) out of funnels: which techniques have a scope here, and how much of each.

import { type AttackFacts, attackFacts, NEWEST_ATTACK } from '../attack/attack-facts.ts';
import type { FunnelDocument } from '../document.ts';

/** What the format's description asks for; no more than Winnow writes. */
export interface NavigatorLayer {
  readonly name: string;
  readonly versions: { readonly attack: string; readonly navigator: string; readonly layer: '4.5' };
  readonly domain: 'enterprise-attack';
  readonly description: string;
  readonly sorting: 0;
  readonly layout: {
    readonly layout: 'side';
    readonly showID: true;
    readonly showName: true;
    readonly showAggregateScores: false;
    readonly countUnscored: false;
    readonly aggregateFunction: 'average';
    readonly expandedSubtechniques: 'annotated';
  };
  readonly hideDisabled: false;
  readonly techniques: readonly NavigatorTechnique[];
  readonly gradient: { readonly colors: readonly string[]; readonly minValue: 0; readonly maxValue: 100 };
  readonly legendItems: readonly { readonly label: string; readonly color: string }[];
  readonly metadata: readonly { readonly name: string; readonly value: string }[];
}

export interface NavigatorTechnique {
  readonly techniqueID: string;
  /** Of 100: the share of necessary primitives that are in the scope; 0 where there is none. */
  readonly score: number;
  readonly color: string;
  readonly comment: string;
  readonly enabled: true;
  readonly metadata: readonly { readonly name: string; readonly value: string }[];
  readonly showSubtechniques: boolean;
}

/** What the best funnel of a technique says of it, the best first, each with its colour and its words in the legend. */
const STATES = [
  { id: 'scope', color: '#2e7d32', label: 'a scope: necessary, seen and within the budget' },
  { id: 'unknown', color: '#ffe082', label: 'seen, and nothing measured how often' },
  { id: 'over_budget', color: '#ffb300', label: 'seen, and over the budget' },
  { id: 'gap', color: '#8e24aa', label: 'a gap: no collected data source shows it' },
  { id: 'refuted', color: '#d32f2f', label: 'refuted: a session breaks what the dossier claims' },
  { id: 'empty', color: '#9e9e9e', label: 'nothing is necessary' },
] as const;

type LayerState = (typeof STATES)[number];

/** The same figures by which documents are put side by side: kept primitives of those that are necessary. */
interface Summary {
  readonly document: FunnelDocument;
  readonly state: LayerState;
  readonly necessary: number;
  readonly inScope: number;
}

/**
 * One layer of all documents; several dossiers of one technique are one entry, coloured and scored by the best. Dossiers that
 * name no technique are told in the description. The layer is of the version that most are pinned to.
 */
export function navigatorLayer(documents: readonly FunnelDocument[]): NavigatorLayer {
  const version = mostPinned(documents);
  const facts = attackFacts(version) ?? attackFacts(NEWEST_ATTACK)!;
  const byTechnique = new Map<string, Summary[]>();
  const without: string[] = [];
  for (const document of documents) {
    if (document.technique === null) without.push(document.id);
    else byTechnique.set(document.technique, [...(byTechnique.get(document.technique) ?? []), summaryOf(document)]);
  }
  const environments = [...new Set(documents.map(({ environment }) => environment))];
  return {
    name: `Detection scope in ${environments.join(', ') || 'no environment'}`,
    // The Navigator knows versions by their first number.
    versions: { attack: version.split('.')[0], navigator: '5.1.0', layer: '4.5' },
    domain: 'enterprise-attack',
    description: [
      `${documents.length === 1 ? '1 dossier' : `${documents.length} dossiers`}, ATT&CK ${version}; the score is the share of necessary primitives in the scope.`,
      ...(without.length === 0 ? [] : [`Without a technique: ${without.join(', ')}.`]),
    ].join(' '),
    sorting: 0,
    layout: {
      layout: 'side',
      showID: true,
      showName: true,
      showAggregateScores: false,
      countUnscored: false,
      aggregateFunction: 'average',
      expandedSubtechniques: 'annotated',
    },
    hideDisabled: false,
    techniques: [...byTechnique]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, summaries]) => techniqueOf(id, summaries, facts)),
    gradient: { colors: ['#ffffff', '#2e7d32'], minValue: 0, maxValue: 100 },
    legendItems: STATES.map(({ label, color }) => ({ label, color })),
    metadata: documents.map(({ id, inputs_sha256: hash }) => ({ name: id, value: hash })),
  };
}

function mostPinned(documents: readonly FunnelDocument[]): string {
  const counts = new Map<string, number>();
  for (const { attack_version: version } of documents)
    if (version !== null) counts.set(version, (counts.get(version) ?? 0) + 1);
  const [first] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? 1 : -1));
  return first?.[0] ?? NEWEST_ATTACK;
}

function summaryOf(document: FunnelDocument): Summary {
  const necessary = document.primitives.filter(({ necessity }) => necessity === 'necessary');
  const kept = new Set(document.scope.map(({ primitive }) => primitive));
  return {
    document,
    state: stateOf(document),
    necessary: necessary.length,
    inScope: necessary.filter(({ id }) => kept.has(id)).length,
  };
}

/** The scope's; without one, that of the necessary primitive that is nearest to it. */
function stateOf(document: FunnelDocument): LayerState {
  if (document.scope.length > 0) return STATES[0];
  const states = new Set(
    document.primitives.filter(({ necessity }) => necessity === 'necessary').map(({ state }) => state),
  );
  return STATES.find(({ id }) => id !== 'empty' && states.has(id)) ?? STATES.at(-1)!;
}

function techniqueOf(id: string, summaries: readonly Summary[], facts: AttackFacts): NavigatorTechnique {
  const best = [...summaries].sort(
    (a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || scoreOf(b) - scoreOf(a),
  )[0];
  const parent = !id.includes('.');
  return {
    techniqueID: id,
    score: scoreOf(best),
    color: best.state.color,
    comment: summaries.map(commentOf).join('\n'),
    enabled: true,
    metadata: summaries.flatMap(({ document }) => [
      { name: document.id, value: document.resilience?.score ?? 'no score' },
      ...document.scope.map(({ observable, advice }) => ({ name: observable, value: advice })),
    ]),
    // Only of a technique that has any.
    showSubtechniques: parent && [...facts.techniques.keys()].some((one) => one.startsWith(`${id}.`)),
  };
}

function scoreOf({ necessary, inScope }: Summary): number {
  return necessary === 0 ? 0 : Math.round((100 * inScope) / necessary);
}

function commentOf({ document, necessary, inScope }: Summary): string {
  const gaps = document.gaps.map(({ data_component: component }) => component);
  return [
    `${document.id}: ${inScope} of ${necessary} necessary primitives in the scope`,
    ...(gaps.length === 0 ? [] : [`missing ${gaps.join(', ')}`]),
    ...(document.empty === null ? [] : [`empty at ${document.empty.step}: ${document.empty.why}`]),
  ].join('; ');
}
