// Random dossiers and environments in the shape that `winnow design` reads, as trees: every corner of the definitions, and gaps that only pairs and triples close.

import { Random } from './random.ts';
import { Raw, type Tree } from './yaml-writer.ts';

export interface DossierTree {
  readonly [key: string]: Tree;
}

export interface RandomCase {
  readonly dossiers: readonly DossierTree[];
  readonly environment: DossierTree;
}

const LOG_SOURCES: readonly DossierTree[] = [
  { name: 'WinEventLog:Security', channel: 'EventCode=4703' },
  { name: 'WinEventLog:Security', channel: 'EventCode=4656' },
  { name: 'WinEventLog:Sysmon', channel: 'EventCode=10' },
  { name: 'WinEventLog:Sysmon', channel: 'EventCode=1' },
  { name: 'WinEventLog:Sysmon' },
  { name: 'WinEventLog:Sysmon', channel: null },
  { channel: 'EventCode=10' },
  { name: 'WinEventLog:Sysmon', channel: 'EventCode=10, 25' },
  { name: 'WinEventLog:Sysmon', channel: 'EventCode=1, 5' },
  { name: 'auditd:SYSCALL', channel: 'open, openat' },
  {},
];
const FIELDS = ['Image', 'TargetImage', 'GrantedAccess', 'CommandLine', 'process.command_line'];
const PREDICATES: readonly Tree[] = [
  { 'TargetImage|endswith': '\\lsass.exe', 'GrantedAccess|bits': new Raw('0x10') },
  { Image: ['a.exe', 'b.exe'] },
  [{ 'Image|endswith': '\\rundll32.exe' }, { 'CommandLine|contains|all': ['comsvcs', 'MiniDump'] }],
  { 'CommandLine|re': 'a[bc]+\\.dmp' },
];
/** Ids that are words of YAML or names of JavaScript, or want quotes. */
const ODD_IDS = [
  'constructor',
  'toString',
  'hasOwnProperty',
  '__proto__',
  'null',
  'true',
  '8',
  'a: b',
  'PM #1',
  "l'état",
  '-',
];

/** Dossiers of any kind in one environment; observables are unique over them, primitives and procedures are not. */
export function randomCase(seed: number, most = 4): RandomCase {
  const random = new Random(seed);
  const components = componentsOf(random, random.between(2, 9));
  const count = random.chance(0.5) ? 1 : random.between(2, most);
  const oddIds = random.chance(0.1) ? random.shuffled(ODD_IDS) : [];
  let observables = 0;
  const observableId = (): string => oddIds.pop() ?? `O${++observables}`;
  const dossiers = Array.from({ length: count }, (_, i) => randomDossier(random, i, components, observableId));
  return { dossiers, environment: randomEnvironment(random, components, dossiers) };
}

function componentsOf(random: Random, count: number): readonly string[] {
  const numbers = new Set<number>();
  while (numbers.size < count) numbers.add(random.between(1, 120));
  return [...numbers].map(componentId);
}

function componentId(number: number): string {
  return `DC${String(number).padStart(4, '0')}`;
}

function randomDossier(
  random: Random,
  number: number,
  components: readonly string[],
  observableId: () => string,
): DossierTree {
  const oddIds = random.chance(0.1) ? random.shuffled(ODD_IDS) : [];
  const ids = Array.from({ length: random.between(1, 8) }, (_, i) => oddIds[i] ?? `PM${i + 1}`);
  const primitives = ids.map((id) => randomPrimitive(random, id, components, observableId));
  const sessions = random.chance(0.1)
    ? [
        { id: 'S1', path: 'not-at-hand.evtx', label: 'attack' },
        { id: 'S2', path: 'nor-this.evtx', label: 'benign' },
      ]
    : [];
  return {
    schema: 'design.technique/1',
    id: `${random.pick(['dossier', 'T1003.001-user-mode', 'b', 'B', 'Zeta'])}-${number + 1}`,
    ...maybe(random, 0.8, { name: random.pick<Tree>(['Read the memory', 'Accès mémoire', null]) }),
    ...maybe(random, 0.8, {
      attack: {
        version: '18.1',
        technique: random.pick(['T1003.001', 'T1136.001', 'T1055']),
        ...maybe(random, 0.5, { detection_strategy: random.pick<Tree>([null, 'DET0363']) }),
        ...maybe(random, 0.5, { analytics: random.pick<Tree>([[], ['AN1030']]) }),
      },
    }),
    ...maybe(random, 0.3, { scope_note: 'other ways are other dossiers' }),
    procedures: randomProcedures(random, ids, sessions.length > 0),
    primitives: random.shuffled(primitives),
    ...(sessions.length > 0 || random.chance(0.1) ? { sessions } : {}),
  };
}

/** One or several, most of them sharing most primitives; now and then there are two that share none. */
function randomProcedures(random: Random, ids: readonly string[], withSessions: boolean): Tree {
  const count = random.chance(0.2) ? 1 : random.between(2, 4);
  const shared = random.some(ids, random.between(random.chance(0.1) ? 0 : 1, ids.length));
  return Array.from({ length: count }, (_, i) => {
    const others = ids.filter((id) => !shared.includes(id) && random.chance(0.4));
    // A procedure is never empty: whether one may be is not said.
    const all = random.shuffled([...shared, ...others]);
    return {
      id: random.pick([`way-${i + 1}`, `P${i + 1}`]),
      ...maybe(random, 0.3, { name: 'one way' }),
      primitives: all.length > 0 ? all : [random.pick(ids)],
      ...maybe(random, 0.2, { atomic: ['T1003.001 #1'] }),
      ...(withSessions && random.chance(0.7) ? { sessions: ['S1'] } : {}),
    };
  });
}

function randomPrimitive(
  random: Random,
  id: string,
  components: readonly string[],
  observableId: () => string,
): DossierTree {
  const count = random.pick([0, 1, 1, 1, 1, 2, 3]);
  const observables = Array.from({ length: count }, () => randomObservable(random, observableId(), components));
  const control = random.pick(['fixed', 'attacker_controlled']);
  return {
    id,
    ...maybe(random, 0.8, { name: random.pick(['open the process', 'load "dbghelp"', 'drops: a library']) }),
    control,
    ...maybe(random, control === 'fixed' ? 0.05 : 0.6, {
      varies: {
        field: random.pick(['file.name', 'TargetFilename']),
        ...maybe(random, 0.6, { known_values: random.between(0, 300) }),
        open_ended: random.chance(0.5),
      },
    }),
    ...(count === 0 && random.chance(0.5) ? {} : { observables }),
  };
}

function randomObservable(random: Random, id: string, components: readonly string[]): DossierTree {
  return {
    id,
    data_component: random.pick(components),
    ...maybe(random, 0.35, { log_source: random.pick(LOG_SOURCES) }),
    ...maybe(random, 0.4, { requires_fields: random.some(FIELDS, random.between(0, 3)) }),
    ...maybe(random, 0.3, { predicate: random.pick(PREDICATES) }),
    ...maybe(random, 0.8, { level: random.between(1, 5) }),
    ...maybe(random, 0.8, { column: random.pick(['A', 'U', 'K', 'P', 'H']) }),
    ...maybe(random, 0.2, { forced: { TargetImage: 'lsass.exe', GrantedAccess: 'bit 0x10 set' } }),
    ...maybe(random, 0.2, { free: ['Image', 'GrantedAccess other bits'] }),
    ...maybe(random, 0.2, { context: { unrelated_techniques: ['T1055'], enrichment: ['the signer of Image'] } }),
  };
}

function randomEnvironment(
  random: Random,
  components: readonly string[],
  dossiers: readonly DossierTree[],
): DossierTree {
  const collected = components.filter(() => random.chance(0.65));
  const budget = random.pick([0, 0.5, 1, 10, 10, 250]);
  const sources = Array.from({ length: random.between(0, 4) }, (_, i) => ({
    id: `source-${i + 1}`,
    ...maybe(random, 0.3, { product: 'Sysmon' }),
    ...maybe(random, 0.4, { log_source: random.pick(LOG_SOURCES) }),
    data_components: collected.filter(() => random.chance(0.6)),
    ...maybe(random, 0.5, {
      fields: Object.fromEntries(
        random.some(FIELDS, random.between(1, 5)).map((field) => [field, random.pick([0, 0.003, 0.5, 1, 1])]),
      ),
    }),
    ...maybe(random, 0.2, { hosts: { scope: 'servers', covered: 23, total: 26 } }),
    ...maybe(random, 0.3, { retention_days: random.pick<Tree>([null, 30]) }),
    ...maybe(random, 0.1, { events_per_day: 250000 }),
  }));
  return {
    schema: 'design.environment/1',
    id: 'any-env',
    ...maybe(random, 0.3, { attack_version: '18.1' }),
    data_sources: sources,
    ...maybe(random, 0.9, { baseline_results: randomFigures(random, budget, dossiers) }),
    ...maybe(random, 0.2, { analyst: { alerts_per_day: 40 } }),
    budget: { max_hits_per_day: budget, ...maybe(random, 0.2, { max_seconds_per_run: 5 }) },
  };
}

/** Nothing, at the budget, just above it, far above it with exclusions that do or do not help; some of observables that are in no dossier. */
function randomFigures(random: Random, budget: number, dossiers: readonly DossierTree[]): DossierTree {
  const ids = observablesOf(dossiers).filter(() => random.chance(0.75));
  if (random.chance(0.2)) ids.push('O-of-another-dossier');
  const quiet = random.pick([0.2, 0.5, 0.8]);
  return Object.fromEntries(
    random.shuffled(ids).map((id) => {
      const hits = random.chance(quiet)
        ? random.pick([0, budget / 2, budget])
        : random.pick([budget + 0.001, budget + 1, budget * 10 + 3, 41000]);
      return [
        id,
        {
          hits_per_day: hits,
          ...maybe(random, 0.4, {
            after_exclusions: Math.min(hits, random.pick([0, budget / 2, budget, budget + 0.5])),
          }),
        },
      ];
    }),
  );
}

export function observablesOf(dossiers: readonly DossierTree[]): string[] {
  return dossiers.flatMap((dossier) =>
    (dossier.primitives as readonly DossierTree[]).flatMap((primitive) =>
      ((primitive.observables ?? []) as readonly DossierTree[]).map((one) => String(one.id)),
    ),
  );
}

function maybe(random: Random, share: number, entries: DossierTree): DossierTree {
  return random.chance(share) ? entries : {};
}

/**
 * Dossiers over shared components in which a pair and a triple together satisfy many, each of their components alone satisfies nothing,
 * and decoys satisfy a few alone: a greedy choice takes the decoys.
 */
export function plantedCase(seed: number): RandomCase {
  const random = new Random(seed);
  const components = componentsOf(random, random.between(9, 14));
  const [collected, ...hidden] = components;
  const pair = hidden.slice(0, 2);
  const triple = hidden.slice(2, 5);
  const decoys = hidden.slice(5, 8);
  const rest = hidden.slice(5);
  // Collected, but under another log source than the one that is needed.
  const elsewhere = random.chance(0.15) ? pair[0] : undefined;
  const needs: (readonly string[])[] = [];
  const plant = (set: readonly string[], most: number, least = 1): void => {
    for (let i = random.between(least, most); i > 0; i--) needs.push(set);
  };
  plant(pair, 5, 3);
  plant(triple, 8, 5);
  for (const decoy of decoys) plant([decoy], random.chance(0.8) ? 1 : 2);
  for (let i = random.between(0, 4); i > 0; i--) needs.push(random.some(hidden, random.between(1, 4)));
  if (random.chance(0.4)) needs.push([]);

  let observables = 0;
  const dossiers = random.shuffled(needs).map((need, d): DossierTree => {
    const primitives: DossierTree[] = random.shuffled([collected, ...need]).map((component, i) => {
      const own = {
        id: `O${++observables}`,
        data_component: component,
        ...maybe(random, 0.7, { level: 3 }),
        ...(component === elsewhere ? { log_source: { name: 'WinEventLog:Sysmon', channel: 'EventCode=10' } } : {}),
      };
      // Now and then another observable will do.
      const other = component !== collected && random.chance(0.08);
      const observableList = other
        ? random.shuffled([own, { id: `O${++observables}`, data_component: random.pick(rest) }])
        : [own];
      return {
        id: `PM${i + 1}`,
        control: random.pick(['fixed', 'attacker_controlled']),
        observables: random.chance(0.02) ? [] : observableList,
      };
    });
    const ids = primitives.map(({ id }) => String(id));
    if (random.chance(0.5)) {
      const component = random.pick(hidden);
      primitives.push({
        id: 'PM-optional',
        control: 'fixed',
        observables: [{ id: `O${++observables}`, data_component: component }],
      });
    }
    const withOptional = primitives.length > ids.length ? [...ids, 'PM-optional'] : ids;
    return {
      schema: 'design.technique/1',
      id: `${random.pick(['a', 'b', 'T1055'])}-${d + 1}`,
      name: 'planted',
      procedures: [
        { id: 'A', primitives: random.shuffled(withOptional) },
        { id: 'B', primitives: random.shuffled(ids) },
      ],
      primitives: random.shuffled(primitives),
    };
  });
  const ids = observablesOf(dossiers);
  return {
    dossiers,
    environment: {
      schema: 'design.environment/1',
      id: 'planted-env',
      data_sources: [
        { id: 'edr', data_components: [collected] },
        ...(elsewhere
          ? [{ id: 'winsec', data_components: [elsewhere], log_source: { name: 'WinEventLog:Security' } }]
          : []),
      ],
      baseline_results: Object.fromEntries(
        ids.filter(() => random.chance(0.5)).map((id) => [id, { hits_per_day: random.pick([0, 2, 9000]) }]),
      ),
      budget: { max_hits_per_day: 10 },
    },
  };
}

/** The method's own example, as the design gives it. */
export function methodExample(): RandomCase {
  const primitive = (
    number: number,
    name: string,
    control: string,
    component: string,
    level: number,
    column: string,
    varies?: Tree,
  ): DossierTree => ({
    id: `PM${number}`,
    name,
    control,
    ...(varies === undefined ? {} : { varies }),
    observables: [{ id: `O${number}`, data_component: component, level, column }],
  });
  return {
    dossiers: [
      {
        schema: 'design.technique/1',
        id: 'example-8',
        name: 'Eight-primitive example',
        attack: { version: '18.1', technique: 'T0000', detection_strategy: null, analytics: [] },
        procedures: [
          { id: 'A', primitives: ['PM1', 'PM2', 'PM3', 'PM4', 'PM5', 'PM6'] },
          { id: 'B', primitives: ['PM1', 'PM2', 'PM3', 'PM4', 'PM5', 'PM7', 'PM8'] },
        ],
        primitives: [
          primitive(1, 'fixed action one', 'fixed', 'DC0035', 4, 'U'),
          primitive(2, 'fixed action two', 'fixed', 'DC0063', 4, 'K'),
          primitive(3, 'fixed but unseen', 'fixed', 'DC0021', 5, 'U'),
          primitive(4, 'drops a library', 'attacker_controlled', 'DC0039', 1, 'U', {
            field: 'file.name',
            known_values: 23,
            open_ended: true,
          }),
          primitive(5, 'picks a channel', 'attacker_controlled', 'DC0048', 1, 'K', {
            field: 'pipe.name',
            open_ended: true,
          }),
          primitive(6, 'optional clean-up', 'fixed', 'DC0040', 3, 'U'),
          primitive(7, 'optional discovery', 'attacker_controlled', 'DC0032', 2, 'K'),
          primitive(8, 'optional beacon', 'attacker_controlled', 'DC0082', 1, 'K'),
        ],
      },
    ],
    environment: {
      schema: 'design.environment/1',
      id: 'example-env',
      data_sources: [{ id: 'edr', data_components: ['DC0035', 'DC0063', 'DC0039', 'DC0032'] }],
      baseline_results: { O1: { hits_per_day: 0.3 }, O2: { hits_per_day: 2.1 }, O4: { hits_per_day: 41000 } },
      budget: { max_hits_per_day: 10 },
    },
  };
}
