// The check of a Sysmon configuration against what the layers need: each need with its examples, what decides them, and how to mend it.

import { COMMAND_NEEDS } from './command-needs.ts';
import { type Entry, readSysmonConfig, type SysmonConfig } from './config.ts';
import {
  CHECK_SCHEMA,
  type CheckedExample,
  type CheckedNeed,
  type LayerSight,
  type NeedVerdict,
  type SysmonCheckDocument,
} from './document.ts';
import { type Decision, decide, isLogged, isOneEnough, type SysmonEvent } from './filter.ts';
import { Mender } from './mend.ts';
import type { Need, SysmonLayer } from './need.ts';
import { REGISTRY_NEEDS } from './registry-needs.ts';
import { listWords, ruleWords } from './rule-xml.ts';

export const LAYERS: readonly SysmonLayer[] = ['registry', 'command'];
export const NEEDS: readonly Need[] = [...REGISTRY_NEEDS, ...COMMAND_NEEDS];

/** `file` is how the document calls it. Throws FormatError, "LINE:COLUMN: what is wrong", where the bytes are no configuration of Sysmon. */
export function checkSysmonConfig(bytes: Uint8Array, file: string): SysmonCheckDocument {
  const config = readSysmonConfig(bytes);
  const needs = NEEDS.map((need) => checkNeed(config, need));
  return {
    schema: CHECK_SCHEMA,
    file,
    schemaVersion: config.schemaVersion,
    refusal: config.refusal ?? null,
    layers: LAYERS.map((layer) => sightOf(layer, needs)),
    lists: config.lists.map(({ event, onmatch, relation, entries, line, column }) => ({
      event,
      onmatch,
      relation,
      rules: entries.length,
      line,
      column,
    })),
    needs,
    mends: config.refusal ? [] : mendsOfAll(config),
    problems: config.problems,
  };
}

/** The changes to make together: those for noise last, for the others may bring some in. */
function mendsOfAll(config: SysmonConfig): SysmonCheckDocument['mends'] {
  const mender = new Mender(config);
  const isNoise = ({ weight }: Need) => weight === 'noise';
  for (const need of [...NEEDS.filter((one) => !isNoise(one)), ...NEEDS.filter(isNoise)]) mender.mend(need);
  return mender.mends;
}

function checkNeed(config: SysmonConfig, need: Need): CheckedNeed {
  const { id, layer, weight, event, what, cost } = need;
  const examples = need.examples.map((example) => checkExample(config, example));
  const verdict = verdictOf(examples);
  const isRight = weight === 'noise' ? verdict === 'not-collected' || verdict === 'dropped' : verdict === 'seen';
  const mender = new Mender(config);
  const isMended = isRight || (!config.refusal && mender.mend(need));
  const mends = isRight ? [] : mender.mends;
  return { id, layer, weight, event, what, verdict, examples, cost: cost ?? null, mends, isMended };
}

function verdictOf(examples: readonly CheckedExample[]): NeedVerdict {
  const seen = examples.filter(({ verdict }) => verdict === 'seen').length;
  if (seen > 0) return seen === examples.length ? 'seen' : 'partly';
  return examples.some(({ verdict }) => verdict === 'dropped') ? 'dropped' : 'not-collected';
}

/** Fields that tell the example apart from others of its need. */
const SHOWN = ['EventType', 'TargetObject', 'Image', 'OriginalFileName', 'CommandLine', 'ParentImage'];

function checkExample({ lists, refusal }: SysmonConfig, event: SysmonEvent): CheckedExample {
  const fields = Object.fromEntries(
    SHOWN.filter((field) => field in event.fields).map((field) => [field, event.fields[field]]),
  );
  if (refusal)
    return { id: event.id, fields, verdict: 'not-collected', by: null, why: 'Sysmon does not take the configuration' };
  const decision = decide(lists, event);
  const isDropped = decision.kind === 'excluded';
  return {
    id: event.id,
    fields,
    verdict: isLogged(decision) ? 'seen' : isDropped ? 'dropped' : 'not-collected',
    by: ruleOf(decision),
    why: whyOf(decision, event, lists),
  };
}

function ruleOf(decision: Decision): CheckedExample['by'] {
  if (decision.kind !== 'included' && decision.kind !== 'excluded') return null;
  const entry = deciding(decision);
  const { line, column } = entry ?? decision.list;
  const { first } = decision;
  const name = first.kind === 'field' ? first.name : (first.fields[0]?.name ?? '');
  return { line, column, name, text: ruleWords(entry) };
}

/** undefined where it takes all of the list. */
function deciding({ list, entry, first }: Extract<Decision, { readonly first: unknown }>): Entry | undefined {
  return entry ?? (isOneEnough(list) ? first : undefined);
}

function whyOf(decision: Decision, { name }: SysmonEvent, lists: SysmonConfig['lists']): string {
  switch (decision.kind) {
    case 'included':
      return `${ruleWords(deciding(decision))} includes it`;
    case 'excluded':
      return `${ruleWords(deciding(decision))} excludes it`;
    case 'logged-by-default':
      return `no list names ${name}, which Sysmon then logs`;
    case 'off-by-default':
      return `no list names ${name}, which Sysmon then does not log`;
    case 'not-excluded':
      return `no rule excludes it, and ${name} has no list that includes`;
    case 'two-exclude-lists':
      return `${name} has several lists that exclude and none that includes; then Sysmon logs nothing of it`;
    case 'not-included': {
      const including = lists.filter((list) => list.event === name && list.onmatch === 'include');
      return `no rule includes it of ${including.slice(0, 3).map(listWords).join(', ')}${including.length > 3 ? ' ...' : ''}`;
    }
  }
}

function sightOf(layer: SysmonLayer, needs: readonly CheckedNeed[]): LayerSight {
  const needed = needs.filter((need) => need.layer === layer && need.weight === 'needed');
  const seen = needed.filter(({ verdict }) => verdict === 'seen').length;
  const partly = needed.filter(({ verdict }) => verdict === 'partly').length;
  const verdict = seen === needed.length ? 'whole' : seen + partly > 0 ? 'partly' : 'blind';
  return { layer, verdict, seen, partly, needed: needed.length };
}
