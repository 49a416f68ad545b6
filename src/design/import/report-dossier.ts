// The dossier that the data models of a Technique Research Report give: a procedure for each model, a primitive for each operation.

import type { AttackFacts, AttackTechnique } from '../attack/attack-facts.ts';
import { strategiesOf } from '../attack/attack-facts.ts';
import { TECHNIQUE_SCHEMA } from '../technique.ts';
import { yamlComment, yamlMap, yamlText, yamlTexts } from '../yaml-text.ts';
import type { Operation } from './report-model.ts';
import { telemetryOf } from './telemetry.ts';

export interface ReportModel {
  /** The file's name without folders and extension. */
  readonly name: string;
  /** As {@link readReportModel} gives them. */
  readonly procedures: readonly (readonly Operation[])[];
}

interface DossierPrimitive {
  readonly id: string;
  readonly operation: Operation;
  readonly labels: Set<string>;
}

/** What a model writes where the attacker chooses. */
const ANY_VALUE = /^(?:any|varies|various|variable|arbitrary|attacker[- ]?(?:chosen|controlled|defined))$/i;

/**
 * The text of a dossier (design.technique/1). An operation of the same caption and properties is one primitive in all
 * procedures; one that is drawn in grey is in none, and so optional.
 */
export function reportDossier(
  models: readonly ReportModel[],
  facts: AttackFacts,
  technique: AttackTechnique | undefined,
): string {
  const primitives = new Map<string, DossierPrimitive>();
  const names = new Set<string>();
  const procedures = models.flatMap(({ name, procedures: parts }, place) =>
    parts.map((operations, index) => ({
      id: oneOf(names, `${name.trim() || `procedure-${place + 1}`}${parts.length === 1 ? '' : `.${index + 1}`}`),
      primitives: [
        ...new Set(
          operations.flatMap((operation) => {
            const { id } = primitiveOf(operation, primitives);
            return operation.optional ? [] : [id];
          }),
        ),
      ],
    })),
  );
  const id = technique?.id ?? commonStart(models.map(({ name }) => name));
  let observables = 0;
  const lines = [
    `# From the data models ${models.map(({ name }) => yamlComment(name, 60)).join(', ')} of a Technique Research Report, whose licence holds for what is made of it.`,
    "# Each TODO is a person's decision.",
    `schema: ${TECHNIQUE_SCHEMA}`,
    `id: ${yamlText(`${id}-report`)}`,
    `name: ${yamlText(technique?.name ?? 'TODO: the name of the technique')}`,
    'attack:',
    `  version: "${facts.version}"`,
    ...attackLines(facts, technique),
    'scope_note: "TODO: what this dossier leaves to others"',
    '# references:  # TODO: the report',
    'procedures:',
    ...procedures.map(
      (procedure) => `  - {id: ${yamlText(procedure.id)}, primitives: ${yamlTexts(procedure.primitives)}}`,
    ),
    'primitives:',
    ...[...primitives.values()].flatMap((primitive) => {
      const part = primitiveLines(primitive, facts, `${id}-O`, observables);
      observables += part.observables;
      return part.lines;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

/** The name, with a number behind it where it is taken. */
function oneOf(taken: Set<string>, name: string): string {
  let id = name;
  for (let i = 2; taken.has(id); i++) id = `${name}-${i}`;
  taken.add(id);
  return id;
}

function attackLines(facts: AttackFacts, technique: AttackTechnique | undefined): readonly string[] {
  if (!technique) return ['  # TODO: technique: T0000'];
  const [strategy] = strategiesOf(facts, technique.id);
  if (!strategy) return [`  technique: ${technique.id}`];
  return [
    `  technique: ${technique.id}`,
    `  detection_strategy: ${strategy.id}  # ${yamlComment(strategy.name)}`,
    `  analytics: ${yamlTexts(strategy.analytics)}`,
  ];
}

function primitiveOf(operation: Operation, primitives: Map<string, DossierPrimitive>): DossierPrimitive {
  const key = JSON.stringify([operation.caption, [...operation.properties].sort()]).toLowerCase();
  const known = primitives.get(key) ?? { id: `PM${primitives.size + 1}`, operation, labels: new Set() };
  primitives.set(key, known);
  for (const label of operation.labels) known.labels.add(label);
  return known;
}

function primitiveLines(
  { id, operation, labels }: DossierPrimitive,
  facts: AttackFacts,
  prefix: string,
  before: number,
): { readonly lines: readonly string[]; readonly observables: number } {
  const { caption, properties, optional, conditions } = operation;
  const words = properties.map(([key, value]) => `${key} ${value}`).join(', ');
  const [chosen] = properties.find(([, value]) => ANY_VALUE.test(value)) ?? [];
  const known = [...labels].map((label) => ({ label, telemetry: telemetryOf(label, facts) }));
  const seen = known.filter(({ telemetry }) => telemetry !== undefined);
  const observables = seen.flatMap(({ label, telemetry }, index): readonly string[] => {
    const { component, name, channel, others } = telemetry!;
    const called = (one: string): string => `${one} ${facts.components.get(one)?.name ?? ''}`;
    return [
      `      - id: ${yamlText(`${prefix}${before + index + 1}`)}  # ${yamlComment(label)}`,
      `        data_component: ${component}  # ${called(component)}${others.length === 0 ? '' : `; TODO: or ${others.slice(0, 3).map(called).join(', ')}?`}`,
      `        log_source: ${yamlMap({ name, channel })}`,
      '        # TODO: requires_fields, predicate, forced, free, level (1-5) and column (A, U, K, P or H)',
    ];
  });
  const lines = [
    `  - id: ${id}${optional ? '  # drawn in grey: optional, so in no procedure' : ''}`,
    `    name: ${yamlText(words === '' ? caption : `${caption}: ${words}`)}`,
    ...(conditions.length > 0
      ? [
          `    # TODO: only ${conditions.map((one) => `"${yamlComment(one, 80)}"`).join(' or ')}: a procedure of its own?`,
        ]
      : []),
    // A data model leaves out what an attacker may do otherwise; a value that may be any is his.
    `    control: ${chosen === undefined ? 'fixed' : 'attacker_controlled'}  # TODO: check`,
    ...(chosen === undefined
      ? []
      : [`    varies: ${yamlMap({ field: chosen, open_ended: true })}  # TODO: the field as the event names it`]),
    ...known
      .filter(({ telemetry }) => telemetry === undefined)
      .map(({ label }) => `    # TODO: ${yamlComment(label)}: which data component and log source?`),
    ...(observables.length === 0 ? ['    observables: []'] : ['    observables:', ...observables]),
  ];
  return { lines, observables: seen.length };
}

/** What all names begin with, up to a separator. */
function commonStart(names: readonly string[]): string {
  const [first] = names;
  let length = first.length;
  for (const name of names) while (!name.startsWith(first.slice(0, length))) length--;
  const start =
    length === first.length
      ? first
      : first.slice(0, length).replace(/[^A-Za-z0-9]*[A-Za-z0-9]*$/, (end) => (/^[^A-Za-z0-9]/.test(end) ? '' : end));
  return start === '' ? 'imported' : start;
}
