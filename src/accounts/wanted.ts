// Which records are worth being built: told from their number and a field or two, so that a large log costs little more than reading it.

import type { Glance } from '../logs/glance.ts';
import { SAMR_PIPE_EVENTS } from './layers/api/samr-pipe.ts';
import { isAccountCommand, isAccountCommandImage } from './layers/command/programs.ts';
import { ENUMERATION_EVENTS, HANDLE_EVENTS, NATIVE_EVENTS } from './layers/native/event-table.ts';

/** Of each number, what a record of it must be; numbers of several channels are those of all. */
const ASKED: ReadonlyMap<number, (glance: Glance) => boolean> = new Map<number, (glance: Glance) => boolean>([
  ...[...NATIVE_EVENTS.keys(), ...ENUMERATION_EVENTS].map((id): [number, () => boolean] => [id, () => true]),
  ...[...HANDLE_EVENTS].map((id): [number, (glance: Glance) => boolean] => [
    id,
    (glance) => glance.field('ObjectType')?.toUpperCase() === 'SAM_ALIAS',
  ]),
  [12, isSamWrite],
  [13, isSamWrite],
  [4657, (glance) => isSamPath(glance.field('ObjectName'))],
  [4674, (glance) => isSamPath(glance.field('ObjectName'))],
  [
    1,
    (glance) =>
      isCommand(glance, 'Image', 'CommandLine') ||
      isCommand(glance, 'OriginalFileName', 'CommandLine') ||
      isCommand(glance, 'ParentImage', 'ParentCommandLine'),
  ],
  [4688, (glance) => isCommand(glance, 'NewProcessName', 'CommandLine')],
  // PowerShell: a script may stand in several records.
  [4103, () => true],
  [4104, () => true],
  [800, () => true],
  // RPC Firewall; event 3 of Sysmon, a connection, has the time of it.
  [3, (glance) => glance.field('UtcTime') === undefined],
  ...[...SAMR_PIPE_EVENTS].map((id): [number, (glance: Glance) => boolean] => [
    id,
    (glance) => id !== 5145 || /samr$/i.test(glance.field('RelativeTargetName') ?? ''),
  ]),
  // Windows LAPS.
  [10020, () => true],
]);

/** Of a host's records of one number, one in so many chunks is built whatever it is: it shows that its channel is there. */
const SHOWN_EVERY = 512;

/** Whether records are wanted; one for each log. */
export class Wanted {
  /** By host and number, the chunk after which one is to be shown again. */
  readonly #shown = new Map<string | undefined, Map<number, number>>();
  /** Names of accounts that were told of: what they do is wanted as well. */
  readonly #names: ReadonlySet<string>;
  /** Records that were looked at and not wanted. */
  passedOver = 0;

  constructor(names: ReadonlySet<string>) {
    this.#names = names;
  }

  has(glance: Glance): boolean {
    const { eventId } = glance;
    const asked = ASKED.get(eventId);
    if (asked?.(glance) === true || this.#isDeed(glance)) return true;
    const { computer } = glance;
    let shown = this.#shown.get(computer);
    if (!shown) {
      shown = new Map();
      this.#shown.set(computer, shown);
    }
    if (glance.chunk < (shown.get(eventId) ?? 0)) {
      this.passedOver++;
      return false;
    }
    shown.set(eventId, glance.chunk + SHOWN_EVERY);
    return true;
  }

  #isDeed(glance: Glance): boolean {
    if (this.#names.size === 0) return false;
    switch (glance.eventId) {
      case 4624:
        return this.#names.has(glance.field('TargetUserName')?.toLowerCase() ?? '');
      case 1:
        return this.#names.has(glance.fileName('User')?.toLowerCase() ?? '');
      default:
        return false;
    }
  }
}

function isCommand(glance: Glance, image: string, line: string): boolean {
  const program = glance.fileName(image);
  // The line of most programs need not be read.
  return program !== undefined && isAccountCommandImage(program) && isAccountCommand(program, glance.field(line) ?? '');
}

function isSamWrite(glance: Glance): boolean {
  return isSamPath(glance.field('TargetObject'));
}

function isSamPath(path: string | undefined): boolean {
  return path !== undefined && /\\SAM\\SAM(?:\\|$)|\\SpecialAccounts\\UserList\\/i.test(path);
}
