// What the check of a Sysmon configuration found, in words: each layer's sight, each need with what decides it, and the changes that mend it.

import type {
  CheckedExample,
  CheckedNeed,
  ExampleVerdict,
  LayerSight,
  Mend,
  NeedVerdict,
  SysmonCheckDocument,
} from '../accounts/sysmon-config/document.ts';
import type { SysmonLayer } from '../accounts/sysmon-config/need.ts';
import { brief, count, plain, type Style } from './print.ts';

const LAYERS: Readonly<Record<SysmonLayer, string>> = {
  registry: 'Layer D, registry writes to the SAM',
  command: 'Layer B, processes',
};

const VERDICTS: Readonly<Record<NeedVerdict, string>> = {
  seen: 'seen',
  partly: 'partly seen',
  dropped: 'dropped',
  'not-collected': 'not collected',
};

/** Lines of a change's XML that are shown, and things beside. */
const MOST_LINES = 40;
const MOST_PROBLEMS = 100;

export function checkText(document: SysmonCheckDocument, style: Style): string {
  const { file, schemaVersion, refusal, layers, needs, mends, problems } = document;
  const lines = [`${style.strong(plain(file))}  schemaversion ${brief(schemaVersion, 20)}`];
  if (refusal)
    lines.push(
      style.doubt(`Sysmon does not take it: ${plain(file)}:${refusal.line}:${refusal.column}: ${brief(refusal.text)}`),
    );
  lines.push(...layers.map((sight) => sightLine(sight, style)));
  for (const { layer } of layers) {
    lines.push('', style.heading(LAYERS[layer]));
    lines.push(...needs.filter((need) => need.layer === layer).flatMap((need) => needLines(need, file, style)));
  }
  if (mends.length > 0)
    lines.push(
      '',
      style.heading(`To mend it all (${count(mends.length, 'change')})`),
      ...mends.flatMap((mend) => mendLines(mend, style)),
    );
  const unmended = needs.filter(({ isMended }) => !isMended);
  if (unmended.length > 0 && !refusal)
    lines.push('', `No small change mends: ${unmended.map(({ id }) => id).join(', ')}; rewrite the lists of the event`);
  if (problems.length > 0)
    lines.push(
      '',
      style.heading('Beside'),
      ...problems
        .slice(0, MOST_PROBLEMS)
        .map(({ line, column, text }) => `  ${plain(file)}:${line}:${column}  ${brief(text)}`),
      ...(problems.length > MOST_PROBLEMS ? [`  ... (${problems.length - MOST_PROBLEMS} more; --json has all)`] : []),
    );
  return `${lines.join('\n')}\n`;
}

function sightLine({ layer, verdict, seen, partly, needed }: LayerSight, style: Style): string {
  const mark = verdict === 'whole' ? style.sure(verdict) : style.doubt(verdict);
  const told = partly > 0 ? `, ${partly} in part` : '';
  return `${LAYERS[layer]}: ${mark}, ${seen} of ${count(needed, 'need')} seen${told}`;
}

/** What is as it should be has one line. */
function needLines(
  { weight, verdict, what, examples, cost, isMended, mends }: CheckedNeed,
  file: string,
  style: Style,
): string[] {
  const isRight = isMended && mends.length === 0;
  const word = VERDICTS[verdict].padEnd(13);
  const head = `  ${isRight ? style.sure(word) : style.doubt(word)}  ${weight.padEnd(7)}  ${what}`;
  if (isRight) return [head];
  const wrong: ExampleVerdict[] = weight === 'noise' ? ['seen'] : ['dropped', 'not-collected'];
  const groups = new Map<string, CheckedExample[]>();
  for (const example of examples) {
    if (!wrong.includes(example.verdict)) continue;
    const place = example.by ? `${plain(file)}:${example.by.line}:${example.by.column}  ` : '';
    const why = `${place}${brief(example.why)}`;
    groups.set(why, [...(groups.get(why) ?? []), example]);
  }
  return [
    head,
    ...[...groups].flatMap(([why, own]) => [
      `      ${why}`,
      ...(verdict === 'partly' || groups.size > 1 ? own.map((one) => `        ${style.weak(exampleWords(one))}`) : []),
    ]),
    ...(weight === 'noise' && cost !== null ? [`      cost: ${cost}`] : []),
  ];
}

function exampleWords({ id, fields }: CheckedExample): string {
  const { EventType, TargetObject, CommandLine, Image } = fields;
  return id === 1 ? `${CommandLine}, started by ${fields.ParentImage}` : `${EventType} ${TargetObject} by ${Image}`;
}

function mendLines({ line, what, xml }: Mend, style: Style): string[] {
  const head = `  ${line === null ? '' : `line ${line}: `}${brief(what, 500)}`;
  if (xml === '') return [head];
  const rows = xml.split('\n');
  const shown = rows.slice(0, MOST_LINES).map((row) => `      ${style.weak(brief(row, 500))}`);
  return [
    head,
    ...shown,
    ...(rows.length > MOST_LINES ? [`      ... (${rows.length - MOST_LINES} more lines; --json has all)`] : []),
  ];
}
