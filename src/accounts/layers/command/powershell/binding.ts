// Which parameter each argument of a command belongs to: by its name, a beginning of it that is clear, or its place.

import { UNKNOWN } from '../intent.ts';
import { type Cmdlet, COMMON } from './cmdlets.ts';
import type { Command } from './commands.ts';
import type { Script } from './script.ts';

/** By parameter in lower case; a switch that is given holds "true". */
export type Bound = ReadonlyMap<string, readonly string[]>;

/** What binding has to know of a command. */
export interface Parameters {
  readonly named: readonly string[];
  readonly switches: readonly string[];
  readonly positional: readonly string[];
  /** `positional` has all that there are: PowerShell refuses a command with a value more (PositionalParameterNotFound). */
  readonly isWhole?: boolean;
}

export function parametersOf(cmdlet: Cmdlet): Parameters {
  const named = [
    ...(cmdlet.account ?? []),
    ...(cmdlet.group ?? []),
    ...(cmdlet.member ?? []),
    ...(cmdlet.newName === undefined ? [] : [cmdlet.newName]),
    ...cmdlet.positional,
    ...Object.keys(cmdlet.settings ?? {}),
    ...(cmdlet.others ?? []),
  ];
  return { named: [...new Set(named)], switches: cmdlet.switches ?? [], positional: cmdlet.positional, isWhole: true };
}

/** undefined where the command only says what it would do (-WhatIf), shows its help, or is none that PowerShell would run. */
export function bind(command: Command, parameters: Parameters, script?: Script): Bound | undefined {
  const bound = new Map<string, readonly string[]>();
  const loose: (readonly string[])[] = [];
  const { args } = command;
  const all = [...parameters.named, ...parameters.switches, ...Object.keys(COMMON)];
  for (let i = 0; i < args.length; i++) {
    const { name, value, isBound, splat } = args[i];
    if (splat !== undefined) {
      const table = script?.table(splat);
      // What cannot be seen may be any of them.
      if (!table) for (const one of parameters.positional) if (!bound.has(one)) bound.set(one, [UNKNOWN]);
      for (const pair of table ?? []) bound.set(wholeName(pair.key, all) ?? pair.key, pair.value.texts);
    } else if (name === undefined) loose.push(value);
    else {
      const whole = wholeName(name, all) ?? name;
      const isSwitch = parameters.switches.includes(whole) || COMMON[whole] === false;
      if (isBound) bound.set(whole, value);
      else if (
        isSwitch ||
        args[i + 1] === undefined ||
        args[i + 1].name !== undefined ||
        args[i + 1].splat !== undefined
      )
        bound.set(whole, ['true']);
      else bound.set(whole, args[++i].value);
    }
  }
  // New-LocalUser -? shows help.
  if (loose.some(([text]) => text === '-?')) return undefined;
  const free = parameters.positional.filter((one) => !bound.has(one) || bound.get(one)?.[0] === UNKNOWN);
  if (parameters.isWhole && loose.length > free.length) return undefined;
  loose.forEach((value, i) => {
    if (free[i] !== undefined) bound.set(free[i], value);
  });
  return isYes(bound.get('whatif') ?? bound.get('wi')) ? undefined : bound;
}

function wholeName(given: string, all: readonly string[]): string | undefined {
  if (all.includes(given)) return given;
  const found = all.filter((one) => one.startsWith(given));
  return found.length === 1 ? found[0] : undefined;
}

export function isYes(value: readonly string[] | undefined): boolean {
  return value !== undefined && /^(?:true|1|yes)$/i.test(value[0] ?? '');
}
