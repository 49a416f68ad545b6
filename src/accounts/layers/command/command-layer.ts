// Layer B: what commands would change, by the records of processes and of PowerShell; whether they did is for the other layers to say.

import type { Outcome } from '../../document.ts';
import { type AccountRecord, optional } from '../../record.ts';
import type { ActorSeen, Sighting } from '../../sighting.ts';
import type { Intent } from './intent.ts';
import { scriptIntents } from './powershell/script-intents.ts';
import { actorOf, invocationsIn } from './powershell-record.ts';
import { type ProcessStart, parentStart, processStart } from './process-record.ts';
import { isAccountCommand, isAccountCommandImage, lineIntents, runProgram } from './programs.ts';
import { type ScriptBlock, ScriptBlocks, scriptTextOf } from './script-blocks.ts';
import { LONGEST_LINE, programName } from './words.ts';

/** The sightings of the records of a log, with scripts put together of their parts. */
export class CommandLayer {
  readonly #blocks = new ScriptBlocks();

  take(record: AccountRecord): readonly Sighting[] {
    const text = scriptTextOf(record);
    return text === undefined ? sightingsOf(record) : this.#blocks.take(record, text).flatMap(blockSightings);
  }

  /** At the end: scripts of which parts are missing. */
  rest(): readonly Sighting[] {
    return this.#blocks.rest().flatMap(blockSightings);
  }
}

function sightingsOf(record: AccountRecord): readonly Sighting[] {
  const start = processStart(record);
  if (start) return [...startSightings(record, start), ...parentSightings(record)];
  const invocations = invocationsIn(record, runProgram);
  return distinct(invocations?.intents ?? []).map((intent) =>
    sightingOf(
      record,
      intent,
      invocations?.failed.has(intent) ? 'failure' : 'attempt',
      invocations?.actor,
      `PowerShell ${record.id}`,
    ),
  );
}

function startSightings(record: AccountRecord, start: ProcessStart): readonly Sighting[] {
  const { image, originalName, commandLine, source, actor, parentPid } = start;
  // A copy under another name has the file's own name still.
  const isCopy = originalName !== undefined && !isAccountCommandImage(image) && isAccountCommandImage(originalName);
  const name = isCopy ? originalName : image;
  if (!isAccountCommand(name, commandLine)) return [];
  const notes = [
    ...(isCopy ? [`${programName(image)} is a copy of ${originalName}`] : []),
    ...(commandLine.length > LONGEST_LINE ? [`only ${LONGEST_LINE} characters of the command line are read`] : []),
  ];
  return processIntents(commandLine, image, name).map((intent) =>
    sightingOf(record, intent, 'attempt', actor, `${source} ${programName(name)}`, notes, parentPid),
  );
}

/** What the parent's line was to run goes with a change that others saw: its children have records of their own, or the parent has. */
function parentSightings(record: AccountRecord): readonly Sighting[] {
  const parent = parentStart(record);
  if (!parent || !isAccountCommand(parent.image, parent.commandLine)) return [];
  return processIntents(parent.commandLine, parent.image, parent.image)
    .filter(({ isCarried }) => isCarried)
    .map((intent) => ({
      ...sightingOf(record, intent, 'attempt', parent.actor, `${parent.source} ${programName(parent.image)}`),
      isSupport: true,
    }));
}

/** Of lines that were read before: hosts start the same ones again and again. */
const READ = new Map<string, readonly Intent[]>();
const MOST_READ = 1024;
const LONGEST_KEPT = 4096;

function processIntents(line: string, image: string, name: string): readonly Intent[] {
  const key = `${image}\0${name}\0${line}`;
  let intents = READ.get(key);
  if (!intents) {
    intents = distinct(lineIntents(line, 0, image, name));
    if (READ.size >= MOST_READ) READ.clear();
    if (key.length <= LONGEST_KEPT) READ.set(key, intents);
  }
  return intents;
}

function blockSightings({ text, record, missing }: ScriptBlock): readonly Sighting[] {
  const notes = missing === 0 ? [] : [`${missing} parts of the script are not in the log`];
  return distinct(scriptIntents(text, runProgram)).map((intent) =>
    sightingOf(record, intent, 'attempt', actorOf(record, ''), 'PowerShell 4104', notes),
  );
}

/** A script may say the same several times. */
function distinct(intents: readonly Intent[]): readonly Intent[] {
  return [...new Map(intents.map((intent) => [JSON.stringify(intent), intent])).values()];
}

function sightingOf(
  record: AccountRecord,
  { isCarried, notes = [], ...intent }: Intent,
  outcome: Outcome,
  actor: ActorSeen | undefined,
  what: string,
  further: readonly string[] = [],
  parentPid?: number,
): Sighting {
  const all = [...notes, ...further];
  return {
    layer: 'command',
    ...intent,
    at: record.at,
    host: record.host ?? record.value('host.name') ?? record.value('host.hostname'),
    outcome,
    ...optional('actor', actor),
    evidence: record.evidence('command', what),
    ...(all.length > 0 ? { notes: all } : {}),
    command: { isCarried: isCarried === true, ...optional('parentPid', parentPid) },
  };
}
