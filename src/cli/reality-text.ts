// What logs say of an answer, in words for a terminal.
import type { RealityDocument, RealityEvidence, SeenChild, SeenReason } from '../children/reality/document.ts';
import { brief, count, plain, type Style } from './print.ts';

/** Each reason in words. */
const REASONS: Readonly<Record<SeenReason, string>> = {
  child: 'a child of the answer',
  generic: 'generic',
  'users-choice': "user's choice",
  document: 'opens a document',
  registry: 'registry',
  'plug-in': 'plug-in',
  com: 'COM',
  service: 'service',
  injected: 'injected',
  'not-followed': 'a call not followed',
  'not-read': 'code not read',
  none: 'no reason known',
};

/** Lines of the report. */
export function realityLines(reality: RealityDocument, style: Style): string[] {
  const { counts, parent } = reality;
  const span = reality.first === null ? '' : `, from ${reality.first} to ${reality.last}`;
  const lines = [
    style.heading(
      `Against reality (${count(counts.all, 'process-creation event')} of ${count(reality.hostCount, 'host')}${span})`,
    ),
    `  ${count(counts.ofParent, 'event')} with ${brief(parent)} as parent: ${counts.explained} explained, ${counts.named} named, ${counts.unexplained} unexplained`,
    ...reality.parentPaths.map(({ path, events }) => `    ${events} as ${brief(path)}`),
    ...setApartLines(reality),
  ];
  if (counts.notKept > 0) lines.push(`  ${count(counts.notKept, 'event')} too many to be held were only counted`);
  for (const share of ['unexplained', 'named', 'explained'] as const) {
    const seen = reality.seen.filter((one) => one.share === share);
    if (seen.length === 0) continue;
    lines.push('', style.heading(`${HEADINGS[share]} (${count(seen.length, 'entry', 'entries')})`));
    for (const one of seen) lines.push(...seenLines(one, style));
  }
  if (reality.neverSeen.length > 0)
    lines.push(
      '',
      style.heading(`Never seen (${reality.neverSeen.length} of the answer's children)`),
      ...reality.neverSeen.map(({ image, confidence }) => style.weak(`  ${brief(image)}, ${confidence}`)),
    );
  return lines;
}

const HEADINGS = {
  unexplained: 'Seen and unexplained',
  named: 'Seen and not listed, with the likely reason',
  explained: 'Seen and explained',
} as const;

function setApartLines({ setApart }: RealityDocument): string[] {
  return setApart.map(({ kind, text, events, joined }) => {
    const what = {
      'no-name': 'no name in the parent field',
      sid: 'a SID in the parent field',
      'service-name': 'a service name in the parent field',
      kernel: 'a process of the kernel as parent',
    }[kind];
    const by = joined === 0 ? '' : `; ${joined} joined to their parents by other events`;
    return `  set apart: ${count(events, 'event')} with ${what}${text === '' ? '' : ` ("${brief(text, 80)}")`}${by}`;
  });
}

function seenLines(seen: SeenChild, style: Style): string[] {
  const { image, reason, fit, confidence, events, hostCount, first, last, records, commandLines, evidence } = seen;
  const how = confidence ?? (fit === 'possible' ? 'possible' : undefined);
  const when = first === null ? '' : `, ${first}${last === first ? '' : ` to ${last}`}`;
  const lines = [
    `  ${style.strong(brief(image))}  ${REASONS[reason]}${how === undefined ? '' : ` (${how})`}; ${count(events, 'event')} on ${count(hostCount, 'host')}${when}`,
  ];
  for (const one of evidence) lines.push(`      ${evidenceWords(one)}`);
  if (seen.share !== 'explained') {
    for (const line of commandLines.slice(0, 1)) lines.push(style.weak(`      command line: ${brief(line, 160)}`));
    for (const { log, record } of records.slice(0, 1))
      lines.push(style.weak(`      record ${plain(record)} of ${brief(log)}`));
  }
  return lines;
}

/** One piece of evidence in a line; shared with the report over many programs. */
export function evidenceWords(one: RealityEvidence): string {
  const { what, module, site, build, key, value, classId, service, record } = one;
  const parts = [brief(what)];
  if (module !== undefined)
    parts.push(
      `${brief(module)}${site === undefined ? '' : ` ${plain(site)}`}${build === undefined ? '' : ` of ${brief(build)}`}`,
    );
  if (key !== undefined)
    parts.push(
      `look in ${brief(key)}${value === undefined ? '' : `, value ${value === '' ? '(default)' : brief(value)}`}`,
    );
  if (classId !== undefined) parts.push(`class ${plain(classId)}`);
  if (service !== undefined) parts.push(`service ${brief(service)}`);
  if (record !== undefined) parts.push(`record ${plain(record.record)} of ${brief(record.log)}`);
  return parts.join('; ');
}
