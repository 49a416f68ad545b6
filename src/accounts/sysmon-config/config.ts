// A Sysmon configuration as Sysmon itself reads it: the lists of rules for the events that matter here, and what it passes over or refuses.

import { FormatError } from '../../errors.ts';
import { comparable, hasEmptyPart } from './conditions.ts';
import { type Place, readConfigXml, type XmlElement } from './config-xml.ts';
import {
  CONDITIONS,
  type Condition,
  DEFAULT_CONDITION,
  EVENT_IDS,
  EVENT_NAMES,
  type EventId,
  type EventName,
  FIELDS,
  LAST_OR_BY_DEFAULT,
  LONGEST_RULE_NAME,
  RULE_GROUP_SINCE,
  RULE_SINCE,
} from './schema.ts';

export type Relation = 'and' | 'or';

export interface FieldRule extends Place {
  readonly kind: 'field';
  readonly field: string;
  readonly condition: Condition;
  readonly value: string;
  /** The value as it is compared. */
  readonly wanted: string;
  /** Its own, or that of the rule or group it stands in; empty where there is none. */
  readonly name: string;
}

/** <Rule>: all of its fields, or one of them. */
export interface SubRule extends Place {
  readonly kind: 'rule';
  readonly relation: Relation;
  readonly fields: readonly FieldRule[];
}

export type Entry = FieldRule | SubRule;

/** <RegistryEvent onmatch="include"> and the like. */
export interface RuleList extends Place {
  readonly event: EventName;
  /** The event by whose fields Sysmon reads it: the first of that name that has all of them. */
  readonly readAs: EventId;
  readonly onmatch: 'include' | 'exclude';
  readonly relation: Relation;
  readonly entries: readonly Entry[];
}

/** Something that Sysmon passes over, reads otherwise than its writer may think, or refuses. */
export interface Problem extends Place {
  readonly text: string;
}

export interface SysmonConfig {
  /** As it stands there: "4.90". */
  readonly schemaVersion: string;
  readonly version: number;
  /** In the order of the file. */
  readonly lists: readonly RuleList[];
  readonly problems: readonly Problem[];
  /** Why Sysmon does not take the configuration at all; the one before stays in force. */
  readonly refusal: Problem | undefined;
}

/** Throws FormatError with line and column where the bytes are no XML, and where they are no configuration of Sysmon. */
export function readSysmonConfig(bytes: Uint8Array): SysmonConfig {
  const root = readConfigXml(bytes);
  if (root.name !== 'Sysmon')
    throw new FormatError(
      `${root.line}:${root.column}: its first element is <${root.name}>, not <Sysmon>: no configuration of Sysmon`,
    );
  const reader = new Reader(root);
  for (const child of root.children) if (child.name === 'EventFiltering') reader.lists(child, undefined);
  return reader.config();
}

class Reader {
  readonly #schemaVersion: string;
  /** The same, short enough to be told often. */
  readonly #said: string;
  readonly #version: number;
  readonly #lists: RuleList[] = [];
  readonly #problems: Problem[] = [];
  readonly #broken = new Set<EventName>();
  #refusal: Problem | undefined;

  constructor(root: XmlElement) {
    this.#schemaVersion = root.attributes.schemaversion ?? '';
    this.#said = this.#schemaVersion.slice(0, 20);
    const number = Number.parseFloat(this.#schemaVersion);
    // Two digits count: 4.10 is 4.1.
    this.#version = Number.isFinite(number) ? Number(number.toFixed(2)) : 0;
    if (!Number.isFinite(number)) this.#refuse(root, 'schemaversion is missing or no number');
  }

  config(): SysmonConfig {
    for (const list of this.#lists)
      if (list.entries.length === 0 && this.#lists.some((other) => other !== list && other.event === list.event))
        this.#tell(
          list,
          `a list of ${list.event} without rules beside another: it adds nothing, and may switch the event off`,
        );
    this.#problems.sort((a, b) => a.line - b.line || a.column - b.column);
    return {
      schemaVersion: this.#schemaVersion,
      version: this.#version,
      lists: this.#lists,
      problems: this.#problems,
      refusal: this.#refusal,
    };
  }

  #tell({ line, column }: Place, text: string): void {
    this.#problems.push({ line, column, text });
  }

  #refuse({ line, column }: Place, text: string): void {
    this.#refusal ??= { line, column, text };
  }

  /** Sysmon finds an event's lists at any depth; only a group that stands directly around one counts. */
  lists(parent: XmlElement, group: XmlElement | undefined): void {
    for (const element of parent.children) {
      if (EVENT_NAMES.has(element.name)) {
        this.#list(element, group);
      } else {
        const isGroup = element.name.toLowerCase() === 'rulegroup';
        if (isGroup && this.#version < RULE_GROUP_SINCE)
          this.#tell(element, `<RuleGroup> came with schemaversion 4.2; the file says ${this.#said}`);
        if (!isGroup) this.#tell(element, `<${element.name}> is no event of Sysmon's, and is passed over`);
        this.lists(element, isGroup ? element : undefined);
      }
    }
  }

  #list(element: XmlElement, group: XmlElement | undefined): void {
    const onmatch = this.#onmatch(element);
    const name = element.name;
    this.#checkRules(element);
    if (onmatch === undefined || (name !== 'ProcessCreate' && name !== 'RegistryEvent')) return;
    if (this.#broken.has(name)) return;
    const entries = element.children.map((child) => this.#entry(child, group?.attributes.name ?? ''));
    const fields = entries.flatMap((entry) => (entry.kind === 'rule' ? entry.fields : [entry]));
    const readAs = EVENT_IDS[name].find((id) => fields.every(({ field }) => FIELDS[id].includes(field)));
    if (readAs === undefined) {
      const wrong = fields.find(({ field }) => !EVENT_IDS[name].some((id) => FIELDS[id].includes(field))) ?? fields[0];
      this.#tell(
        wrong,
        `${name} has no field ${wrong.field}, or not beside the others of the list: Sysmon leaves out this list and all that follow of ${name}`,
      );
      this.#broken.add(name);
      return;
    }
    const { line, column } = element;
    this.#lists.push({ event: name, readAs, onmatch, relation: this.#relation(element, group), entries, line, column });
  }

  /** undefined where Sysmon passes the list over. */
  #onmatch(element: XmlElement): RuleList['onmatch'] | undefined {
    const { onmatch, default: byDefault } = element.attributes;
    if (onmatch !== undefined && byDefault !== undefined) {
      this.#tell(element, `<${element.name}> has both onmatch and default, and is passed over`);
      return undefined;
    }
    const said = (onmatch ?? byDefault)?.toLowerCase();
    if (said !== 'include' && said !== 'exclude') {
      this.#tell(element, `<${element.name}> does not say onmatch="include" or "exclude", and is passed over`);
      return undefined;
    }
    // default="include" is the older way to say onmatch="exclude".
    if (onmatch !== undefined) return said;
    return said === 'include' ? 'exclude' : 'include';
  }

  #relation(element: XmlElement, group: XmlElement | undefined): Relation {
    const said = group?.attributes.groupRelation?.toLowerCase();
    if (said !== undefined && said !== '') return said === 'or' ? 'or' : 'and';
    if (this.#version <= LAST_OR_BY_DEFAULT) return 'or';
    if (new Set(element.children.map(({ name }) => name)).size > 1)
      this.#tell(
        group ?? element,
        `no groupRelation: since schemaversion 4.2 rules for different fields of ${element.name} are joined by "and"`,
      );
    return 'and';
  }

  /** What is wrong in a list of any event: such a thing makes Sysmon refuse the whole file. */
  #checkRules(list: XmlElement): void {
    for (const child of list.children) {
      const isRule = child.name.toLowerCase() === 'rule';
      if (isRule && this.#version < RULE_SINCE)
        this.#tell(child, `<Rule> came with schemaversion 4.22; the file says ${this.#said}`);
      for (const rule of isRule ? child.children : [child]) {
        const said = rule.attributes.condition?.toLowerCase();
        const condition = conditionOf(rule);
        if (condition === undefined) this.#refuse(rule, `Sysmon knows no condition "${said}"`);
        else if (CONDITIONS[condition] > this.#version && this.#version > 0)
          this.#tell(
            rule,
            `the condition "${condition}" came with schemaversion ${CONDITIONS[condition].toFixed(2)}; the file says ${this.#said}`,
          );
        if (condition !== undefined && /^(?:contains|excludes) (?:any|all)$/.test(condition) && hasEmptyPart(rule.text))
          this.#tell(
            rule,
            `"${condition}" with an empty part in its list, which Sysmon takes for all that follows it, at the end for any text`,
          );
        if (rule.name === 'TargetObject' && /^(?:HKEY_|\\REGISTRY\\)/i.test(rule.text))
          this.#tell(rule, 'Sysmon writes HKLM and HKU for the roots of the registry, so this text is in no event');
        if ((rule.attributes.name ?? '').length > LONGEST_RULE_NAME)
          this.#refuse(rule, `a rule's name is longer than ${LONGEST_RULE_NAME} characters`);
      }
    }
  }

  #entry(element: XmlElement, groupName: string): Entry {
    if (element.name.toLowerCase() !== 'rule') return fieldRule(element, groupName);
    const { line, column, attributes } = element;
    const said = attributes.groupRelation?.toLowerCase() ?? '';
    if (said === '' && element.children.length > 1)
      this.#tell(element, '<Rule> without groupRelation: Sysmon takes "or", its documentation says "and"');
    return {
      kind: 'rule',
      relation: said === '' || said === 'or' ? 'or' : 'and',
      fields: element.children.map((child) => fieldRule(child, attributes.name || groupName)),
      line,
      column,
    };
  }
}

/** undefined of one that Sysmon does not know. */
function conditionOf({ attributes }: XmlElement): Condition | undefined {
  const said = attributes.condition?.toLowerCase() ?? '';
  if (said === '') return DEFAULT_CONDITION;
  return Object.hasOwn(CONDITIONS, said) ? (said as Condition) : undefined;
}

function fieldRule(element: XmlElement, name: string): FieldRule {
  const { line, column, attributes, text } = element;
  return {
    kind: 'field',
    field: element.name,
    condition: conditionOf(element) ?? DEFAULT_CONDITION,
    value: text,
    wanted: comparable(text),
    name: (attributes.name || name).slice(0, LONGEST_RULE_NAME),
    line,
    column,
  };
}
