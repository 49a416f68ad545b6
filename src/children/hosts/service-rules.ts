// The rules of service hosts: one for all services that start nothing, and one for each that starts something; the parent's command line names them.
import type { Note } from '../../errors.ts';
import { visibleText } from '../../rule/visible-text.ts';
import { emitRules, type RuleOptions } from '../child-rule.ts';
import type { ChildrenDocument } from '../document.ts';
import { joinHosted } from './find-hosted.ts';
import { type HostInstance, serviceCommandLines } from './host-instance.ts';
import type { ServiceEntry, ServiceRule } from './service-hosts.ts';

/** A service with the document of its host and DLL; undefined where the DLL was not read. */
export interface AnsweredService {
  readonly entry: ServiceEntry;
  readonly document?: ChildrenDocument;
}

/** A document with its rules, and what they were made with. */
export interface RulePlan {
  readonly document: ChildrenDocument;
  readonly options: RuleOptions;
  readonly services: readonly string[];
  readonly about: ServiceRule['about'];
}

/** Empty where no service was answered for. UnsupportedError for a language whose table has no command line of the parent. */
export function planServiceRules(
  host: string,
  answered: readonly AnsweredService[],
  options: RuleOptions,
  notes: Note[],
): readonly RulePlan[] {
  const all = answered.map(({ entry }) => entry);
  const told = answered.flatMap(({ entry, document }) => {
    const commandLines = serviceCommandLines(entry, all);
    if (document === undefined) return [];
    if (commandLines.length === 0)
      notes.push({ about: entry.name, text: 'its name or group is too odd to stand in a rule' });
    return commandLines.length === 0 ? [] : [{ entry, document, commandLines }];
  });
  const idle = told.filter(({ entry }) => entry.answer === 'starts-nothing');
  const [first, ...more] = idle;
  const plans: RulePlan[] = [];
  if (first !== undefined) {
    const names = idle.map(({ entry }) => entry.name);
    const instance: HostInstance = {
      title: 'for Services That Start Nothing',
      name: 'starts-nothing',
      about: `the command line of ${host} names a service that starts nothing: ${names.join(', ')}`,
      commandLines: idle.flatMap(({ commandLines }) => commandLines),
      notes: [
        `${names.length === 1 ? 'One service starts' : `${names.length} services start`} nothing: ${names.join(', ')}.`,
        ...left(
          all.filter(({ answer }) => answer === 'nothing-found' || answer === 'not-read').map(({ name }) => name),
        ),
        SPLIT,
      ],
    };
    const document = joinHosted(
      { name: host },
      first.document,
      more.map((one) => one.document),
    );
    plans.push(planOf(document, instance, options, names, 'starts-nothing'));
  }
  for (const { entry, document, commandLines } of told) {
    if (entry.answer !== 'starts') continue;
    const instance: HostInstance = {
      title: `for Service ${entry.name}`,
      name: entry.name,
      about: `the command line of ${host} names the service ${entry.name}`,
      commandLines,
      notes: [`Only ${host} that runs the service ${entry.name} (${entry.module ?? 'no module'}).`, SPLIT],
    };
    plans.push(planOf(document, instance, options, [entry.name], 'starts'));
  }
  return plans;
}

const SPLIT =
  'A host that several services share has no -s on its command line and does not match: on machines with less than 3.5 GB of memory, or with SvcHostSplitThresholdInKB set.';

function left(names: readonly string[]): readonly string[] {
  return names.length === 0
    ? []
    : [`Not in it, because not everything of them was read or told: ${names.map(visibleText).join(', ')}.`];
}

function planOf(
  document: ChildrenDocument,
  instance: HostInstance,
  { host: _, ...given }: RuleOptions,
  services: readonly string[],
  about: ServiceRule['about'],
): RulePlan {
  const options = { ...given, instance };
  return { document: { ...document, rule: emitRules(document, options) }, options, services, about };
}

export function rulesOfPlans(plans: readonly RulePlan[]): readonly ServiceRule[] {
  return plans.flatMap(({ document, services, about }) => document.rule.map((rule) => ({ ...rule, services, about })));
}
