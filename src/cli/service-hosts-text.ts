// The services of a host in words: a table of services with what each starts and where that stands, then the notes and the rules.
import type { Evidence } from '../children/document.ts';
import { isStarted } from '../children/hosts/find-service-hosts.ts';
import type {
  ServiceAnswer,
  ServiceEntry,
  ServiceHostsDocument,
  ServiceRule,
} from '../children/hosts/service-hosts.ts';
import { isReached } from '../children/verdict.ts';
import { LANGUAGE_NAMES } from './children-text.ts';
import { brief, count, plain, type Style } from './print.ts';
import { reachWords } from './reach-words.ts';

const HEADINGS: Readonly<Record<ServiceAnswer, string>> = {
  starts: 'Services that start programs',
  'starts-nothing': 'Services that start nothing',
  'nothing-found': 'Services of which nothing was found that they start, but not everything was read or told',
  'not-read': 'Services whose DLL was not read: what they start is not known',
};
const ORDER: readonly ServiceAnswer[] = ['starts', 'starts-nothing', 'nothing-found', 'not-read'];
const WIDEST = 30;

/** The whole report, ending in a newline. */
export function serviceHostsText(document: ServiceHostsDocument, style: Style): string {
  const { services } = document;
  const sections = [
    head(document, style),
    ...ORDER.map((answer) => group(services, answer, style)),
    noteLines(document, style),
    ruleLines(document, style),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Only the rules, one after the other, each ending in a newline. */
export function serviceRulesText({ rules }: ServiceHostsDocument): string {
  return rules.map(({ text }) => `${plain(text.trimEnd(), '\n\t')}\n`).join('\n');
}

function head({ host, hostRead, hostChildren, source, services }: ServiceHostsDocument, style: Style): string[] {
  const from = source.kind === 'table' ? `the table ${brief(source.name)}` : brief(source.name);
  const own = !hostRead
    ? 'its file was not found'
    : hostChildren.length === 0
      ? 'starts nothing itself'
      : `starts itself: ${hostChildren.map(({ image }) => brief(image)).join(', ')}`;
  return [
    `${style.heading(brief(host.image))}  ${count(services.length, 'service')} of ${from} (${source.from.map((one) => brief(one)).join(', ')}); ${own}`,
  ];
}

function group(services: readonly ServiceEntry[], answer: ServiceAnswer, style: Style): string[] {
  const own = services.filter((service) => service.answer === answer);
  if (own.length === 0) return [];
  const width = (texts: readonly string[]) => Math.min(WIDEST, Math.max(...texts.map((text) => text.length)));
  const names = width(own.map(({ name }) => brief(name)));
  const groups = width(own.map(groupOf));
  return [
    style.heading(`${HEADINGS[answer]} (${own.length})`),
    ...own.flatMap((service) => [
      `  ${brief(service.name).padEnd(names)}  ${groupOf(service).padEnd(groups)}  ${brief(service.module ?? 'no ServiceDll')}${detail(service)}`,
      ...service.children.filter(isStarted).flatMap((child) =>
        reachedFirst(child.evidence).map((one) => {
          const how = reachWords(one.reach);
          const more = child.evidence.length - 1;
          return `    ${brief(child.image)}  ${child.confidence}, ${brief(one.module)} ${brief(one.sink)} at ${one.site}${more > 0 ? ` and ${more} more` : ''}${how === '' ? '' : `, ${how}`}`;
        }),
      ),
    ]),
  ];
}

/** The first place that the service comes to. */
function reachedFirst(evidence: readonly Evidence[]): readonly Evidence[] {
  return [evidence.find(({ reach }) => isReached(reach)) ?? evidence[0]].filter((one) => one !== undefined);
}

function groupOf({ group: name, arguments: words, perUser }: ServiceEntry): string {
  const text = words ?? (name === null ? 'group not known' : `-k ${name}`);
  return `${brief(text)}${perUser ? ', one for each user' : ''}`;
}

/** What is behind the module's name. */
function detail({ answer, why }: ServiceEntry): string {
  if (answer === 'starts') {
    const doubts = why.split('; ').slice(1).join('; ');
    return doubts === '' ? '' : `; ${brief(doubts)}`;
  }
  return `; ${brief(why)}`;
}

function noteLines({ notes }: ServiceHostsDocument, style: Style): string[] {
  if (notes.length === 0) return [];
  return [style.heading('Notes'), ...notes.map(({ about, text }) => `  ${brief(about)}: ${brief(text, 600)}`)];
}

function ruleLines({ rules }: ServiceHostsDocument, style: Style): string[] {
  if (rules.length === 0) return [];
  const first = rules.filter(({ about }) => about === 'starts-nothing');
  const others = new Set(rules.filter(({ about }) => about === 'starts').flatMap(({ services }) => services));
  return [
    ...first.flatMap((rule) => [style.heading(title(rule)), '', plain(rule.text.trimEnd(), '\n\t')]),
    ...(others.size === 0
      ? []
      : [
          style.weak(
            `${first.length === 0 ? '' : '\n'}${count(others.size, 'more rule')}, one for each service that starts programs: --quiet prints all, --write DIR puts them into files.`,
          ),
        ]),
  ];
}

function title({ language, services }: ServiceRule): string {
  const which = services.length === 1 ? 'service that starts' : `${services.length} services that start`;
  return `Rule for the ${which} nothing (${LANGUAGE_NAMES[language]})`;
}
