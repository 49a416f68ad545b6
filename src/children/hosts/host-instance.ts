// Which processes of a host a rule is about: those whose command line names one of these services.
import { type Condition, like, named } from '../../rule/condition.ts';
import { ANY_MANY, joinPatterns, literal, type TextPattern } from '../../rule/pattern.ts';
import { hasLoneSurrogate } from '../../rule/visible-text.ts';
import type { HostedService } from './service-hosts.ts';

export interface HostInstance {
  /** Behind "Unusual Child Process of svchost.exe": "for Service Schedule". */
  readonly title: string;
  /** Of the service, or what several have in common: part of the rule's identifier and of its file's name. */
  readonly name: string;
  readonly about: string;
  /** One of these is the parent's command line. */
  readonly commandLines: readonly TextPattern[];
  /** Lines of a note on these processes. */
  readonly notes: readonly string[];
}

/** What every language can compare. */
const LONGEST_TEXT = 400;

export function instanceCondition({ about, commandLines }: HostInstance): Condition {
  return named('service_host', about, [], like('process.parent.commandLine', ...commandLines));
}

/**
 * The command lines of a service's host. The service manager puts "-s NAME" behind the ImagePath of a service that shares its type of process; one with
 * a process of its own runs by the ImagePath alone, which tells it from others only where no other service is in its group. Empty where the name
 * cannot stand in a rule.
 */
export function serviceCommandLines(service: HostedService, all: readonly HostedService[]): readonly TextPattern[] {
  const { name, group, type } = service;
  if ([name, group ?? ''].some((text) => text.length > LONGEST_TEXT / 2 || hasLoneSurrogate(text))) return [];
  const inGroup = group === null ? [ANY_MANY] : joinPatterns([ANY_MANY], literal(` -k ${group}`), [ANY_MANY]);
  const lines = [joinPatterns(inGroup, literal(` -s ${name}`))];
  const isAlone = group !== null && all.every((other) => other === service || !sameGroup(other, service));
  if (type === 'own' && group !== null && isAlone)
    for (const more of ['', ' -p']) lines.push(joinPatterns([ANY_MANY], literal(` -k ${group}${more}`)));
  return lines;
}

function sameGroup(one: HostedService, other: HostedService): boolean {
  return one.group?.toLowerCase() === other.group?.toLowerCase();
}
