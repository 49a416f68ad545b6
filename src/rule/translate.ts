// The same rule under another taxonomy's names: its kind of event is found by its log source, each field by the row of its value.
import { UnsupportedError } from '../errors.ts';
import { and, type Condition, conjuncts, type Expression, fieldsOf, type Match, unnamed } from './condition.ts';
import { type LogSource, logSourceText } from './log-source.ts';
import { literalsOf } from './pattern.ts';
import { placeTests } from './place-match.ts';
import type { EventQuery } from './query.ts';
import { conditionOf, type Rule } from './rule.ts';
import { columnType, hasTypes } from './taxonomy/column-types.ts';
import { eventDataInEcs } from './taxonomy/event-data-in-ecs.ts';
import { type Column, columnNames, type EventKind, type Place, type TaxonomyId } from './taxonomy/event-kind.ts';
import { kindOfCategory, kindOfEql, kindOfEventIds, kindOfService, SYSTEM_FIELDS } from './taxonomy/event-kinds.ts';
import { PROCESS_START } from './taxonomy/process-kinds.ts';
import { SECURITY_EVENT_COLUMNS } from './taxonomy/security-event-columns.ts';
import { FIELD_MEANING, isLogicalField } from './taxonomy.ts';
import type { FieldTest, ValueTest } from './value-test.ts';

/** A rule in the names of a taxonomy, and where its events are there. */
export interface TranslatedRule {
  readonly rule: Rule;
  readonly place: Place;
  readonly kind: EventKind;
  /** What must hold besides; none where the place says it all. */
  readonly parts: readonly Condition[];
}

/** The rule with its fields named as `to` names them. Throws UnsupportedError for a value or an event that `to` has not, by name. */
export function translate(rule: Rule, to: TaxonomyId): Rule {
  return rule.taxonomy === to && to !== 'ecs' ? rule : translateRule(rule, to).rule;
}

/** As `translate`, with where the events are. The conditions by which an EQL query asks for its kind of event are part of the place. */
export function translateRule(rule: Rule, to: TaxonomyId): TranslatedRule {
  const { kind, condition } = kindOf(rule, to);
  const place = kind.places[to];
  if (!place) throw new UnsupportedError(`${NAMES[to]} has no table for ${kindText(kind, rule.logSource)}`);
  const eventIds = eventIdsIn(condition);
  const translated = translateCondition(condition, { kind, from: rule.taxonomy, to, place, eventIds });
  return {
    kind,
    place,
    parts: isAlways(condition) && !isAlways(conditionOf(rule, NAMES[to])) ? [] : conjuncts(translated),
    rule: {
      ...rule,
      taxonomy: to,
      logSource: rule.taxonomy === 'ecs' ? { category: kind.id, product: 'windows', service: null } : rule.logSource,
      query: { kind: 'event', category: null, condition: translated } satisfies EventQuery,
    },
  };
}

const NAMES: Readonly<Record<TaxonomyId, string>> = {
  winnow: "Winnow's own taxonomy",
  ecs: 'the Elastic Common Schema',
  sysmon: 'Sysmon',
  windows: "Microsoft Sentinel's SecurityEvent",
  mde: 'Defender XDR',
  cim: "Splunk's Common Information Model",
  ocsf: 'OCSF',
};

function kindText(kind: EventKind, source: LogSource): string {
  return logSourceText(source) === 'any' ? kind.id : logSourceText(source);
}

interface FoundKind {
  readonly kind: EventKind;
  /** Without what the kind says already. */
  readonly condition: Condition;
}

function kindOf(rule: Rule, to: TaxonomyId): FoundKind {
  const condition = conditionOf(rule, NAMES[to]);
  const { taxonomy, logSource, query } = rule;
  if (taxonomy === 'winnow') return { kind: PROCESS_START, condition };
  const asked = query.kind === 'event' && taxonomy === 'ecs' ? (query.category ?? categoryIn(condition)) : null;
  if (asked !== null) return kindOfQuery(asked, condition);
  if (taxonomy !== 'sysmon' && logSource.category === null)
    throw new UnsupportedError(`the rule does not say which kind of event it is about, as ${NAMES[to]} needs`);
  const { category, product, service } = logSource;
  if (product !== null && product !== 'windows')
    throw new UnsupportedError(`the tables of ${logSourceText(logSource)} are not known: only those of Windows are`);
  if (category !== null) {
    const kind = kindOfCategory(category);
    if (kind) return { kind, condition };
  } else {
    const log = kindOfService(service);
    if (log?.places[to]) return { kind: log, condition };
    const found = log && kindByEventIds(service, condition);
    if (found ?? log) return found ?? { kind: log!, condition };
  }
  throw new UnsupportedError(`the tables of the log source ${logSourceText(logSource)} are not known`);
}

/** The kind that the event ids of a rule mean, without the part that asks for them. */
function kindByEventIds(service: string | null, condition: Condition): FoundKind | undefined {
  const found: number[] = [];
  const rest = withoutConjuncts(condition, (part) => {
    if (part.field !== 'EventID' || found.length > 0) return false;
    const ids = part.values.map((test) => (test.kind === 'number' && test.op === 'eq' ? test.than : Number.NaN));
    if (ids.some(Number.isNaN)) return false;
    found.push(...ids);
    return true;
  });
  const kind = kindOfEventIds(service, found);
  if (!kind || found.length !== kind.eventIds?.length) return undefined;
  return {
    kind,
    condition: withoutConjuncts(
      rest,
      ({ field, values: [test, ...more] }) =>
        field === 'Provider_Name' &&
        more.length === 0 &&
        test.kind === 'like' &&
        test.pattern.join('') === kind.provider,
    ),
  };
}

/** The event category that a query asks for as a field, as those in Kibana's language do. */
function categoryIn(condition: Condition): string | null {
  for (const part of conjuncts(condition)) {
    if (part.kind !== 'match' || part.field !== 'event.category' || part.values.length !== 1) continue;
    const [test] = part.values;
    if (test.kind === 'like' && test.pattern.length === 1 && typeof test.pattern[0] === 'string')
      return test.pattern[0];
  }
  return null;
}

/** The kind of an EQL query: its category, and event.type where it asks for that. */
function kindOfQuery(category: string, condition: Condition): FoundKind {
  const types: string[] = [];
  const rest = withoutConjuncts(condition, ({ field, values }) => {
    const texts = values.map((test) =>
      test.kind === 'like' && literalsOf(test.pattern).length === test.pattern.length
        ? literalsOf(test.pattern).join('')
        : null,
    );
    if (texts.includes(null)) return false;
    if (field === 'event.type') types.push(...(texts as string[]));
    return (
      field === 'event.type' ||
      (field === 'host.os.type' && texts.length === 1 && texts[0] === 'windows') ||
      (field === 'event.category' && texts.length === 1 && texts[0] === category)
    );
  });
  const kind = kindOfEql(category, types);
  if (!kind)
    throw new UnsupportedError(
      `EQL's "${category}" events${types.length > 0 ? ` of the type ${types.join(', ')}` : ' without an event.type'} are no one kind of event elsewhere`,
    );
  return { kind, condition: rest };
}

/** The condition without the matches, among the parts that must all hold, that `isSaid` takes. */
function withoutConjuncts(condition: Condition, isSaid: (part: Match) => boolean): Condition {
  if (condition.kind === 'named') return { ...condition, of: withoutConjuncts(condition.of, isSaid) };
  if (condition.kind === 'and') {
    const parts = condition.of.map((part) => withoutConjuncts(part, isSaid)).filter((part) => !isAlways(part));
    return parts.length === 1 ? parts[0] : and(...parts);
  }
  return condition.kind === 'match' && isSaid(condition) ? and() : condition;
}

function isAlways(condition: Condition): boolean {
  const node = unnamed(condition);
  return node.kind === 'and' && node.of.length === 0;
}

interface Names {
  readonly kind: EventKind;
  readonly from: TaxonomyId;
  readonly to: TaxonomyId;
  readonly place: Place;
  /** Those that the rule asks for; none where it does not say. */
  readonly eventIds: readonly number[];
}

/** The event ids of a part that must hold. */
function eventIdsIn(condition: Condition): readonly number[] {
  const ids = conjuncts(condition).flatMap((part) => {
    const node = unnamed(part);
    return node.kind === 'match' && node.field === 'EventID' ? [node.values] : [];
  });
  const numbers = (ids[0] ?? []).map((test) => (test.kind === 'number' && test.op === 'eq' ? test.than : Number.NaN));
  return numbers.some(Number.isNaN) ? [] : numbers;
}

function translateCondition(condition: Condition, names: Names): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { kind: condition.kind, of: condition.of.map((part) => translateCondition(part, names)) };
    case 'not':
    case 'named':
      return { ...condition, of: translateCondition(condition.of, names) };
    case 'match':
      return translateMatch(condition, names);
    case 'keyword':
      return condition;
    case 'compare':
      return {
        ...condition,
        left: translateExpression(condition.left, names),
        right: translateExpression(condition.right, names),
      };
    case 'holds':
      return { ...condition, of: translateExpression(condition.of, names) };
  }
}

function translateMatch(condition: Match, names: Names): Condition {
  const column = columnOf(condition.field, names);
  const values = condition.values.map((test): ValueTest => (test.kind === 'field' ? otherField(test, names) : test));
  if (values.some((test) => test.kind === 'field') && typeof column !== 'string')
    throw new UnsupportedError(
      `${condition.field} is kept in another form, so that it cannot be compared with a field`,
    );
  const isTyped = names.from !== names.to && hasTypes(names.to);
  return placeTests(condition.field, values, column, isTyped ? (name) => columnType(names.to, name) : undefined);
}

function otherField(test: FieldTest, names: Names): FieldTest {
  return { ...test, name: plainColumn(test.name, names) };
}

function plainColumn(field: string, names: Names): string {
  const column = columnOf(field, names);
  if (typeof column === 'string') return column;
  throw new UnsupportedError(`${field} is kept in another form, so that nothing can be worked out of it`);
}

function translateExpression(expression: Expression, names: Names): Expression {
  switch (expression.kind) {
    case 'field':
      return { ...expression, name: plainColumn(expression.name, names) };
    case 'constant':
      return expression;
    case 'call':
      return { ...expression, args: expression.args.map((one) => translateExpression(one, names)) };
    case 'arithmetic':
      return {
        ...expression,
        left: translateExpression(expression.left, names),
        right: translateExpression(expression.right, names),
      };
    case 'negative':
      return { ...expression, of: translateExpression(expression.of, names) };
    case 'truth':
      return { ...expression, of: translateCondition(expression.of, names) };
    case 'meets':
      return { ...expression, of: translateExpression(expression.of, names) };
    case 'variable':
      return expression;
    case 'each':
      return {
        ...expression,
        list: translateExpression(expression.list, names),
        holds: translateCondition(expression.holds, names),
      };
    case 'member':
      if (names.from === names.to) return expression;
      throw new UnsupportedError(`a part of ${expression.name} has no name of its own in another taxonomy`);
    case 'related':
      throw new UnsupportedError('how processes are related has no column in another taxonomy');
  }
}

/** The column of a field, or UnsupportedError by the field's name and the table's. */
export function columnOf(field: string, { kind, from, to, place, eventIds }: Names): Column {
  if (from === to) return field;
  const row = kind.rows.find((one) => one[from] === field && one[to] !== undefined);
  const column = row?.[to];
  if (column !== undefined) return column;
  if (from === 'sysmon') {
    const system = Object.hasOwn(SYSTEM_FIELDS, field) ? SYSTEM_FIELDS[field][to] : undefined;
    if (system !== undefined) return system;
    // A log as a whole: its events keep their own names.
    if (kind.rows.length === 0 && to === 'ecs') return eventDataInEcs(kind.id, field, eventIds);
    if (kind.rows.length === 0 && to === 'windows' && SECURITY_EVENT_COLUMNS.has(field)) return field;
  }
  const meaning = isLogicalField(field) ? `the ${FIELD_MEANING[field]}` : field;
  throw new UnsupportedError(`${place.table} has no column for ${meaning}`);
}

/** The columns that a rule's fields stand in, for a reader: by column the fields. */
export function columnsOf(rule: Rule, to: TaxonomyId): ReadonlyMap<string, readonly string[]> {
  const columns = new Map<string, readonly string[]>();
  const { kind, condition } =
    rule.taxonomy === to ? { kind: undefined, condition: conditionOf(rule, NAMES[to]) } : kindOf(rule, to);
  const place = kind?.places[to];
  const eventIds = eventIdsIn(condition);
  for (const field of fieldsOf(condition)) {
    const column = kind && place ? columnOf(field, { kind, from: rule.taxonomy, to, place, eventIds }) : field;
    for (const name of columnNames(column)) columns.set(name, [...(columns.get(name) ?? []), field]);
  }
  return columns;
}
