// `winnow design`: from a technique to a detection's scope; what it does is in the commands within it.

import type { Command } from 'commander';
import { UsageError } from '../../errors.ts';
import type { CommandModule } from '../command-module.ts';
import type { ExitCode } from '../exit.ts';
import * as diagram from './design-diagram.ts';
import * as funnel from './design-funnel.ts';
import * as gaps from './design-gaps.ts';
import * as imported from './design-import.ts';
import * as lint from './design-lint.ts';
import * as migrate from './design-migrate.ts';
import * as newDossier from './design-new.ts';
import * as observe from './design-observe.ts';
import * as probe from './design-probe.ts';
import * as report from './design-report.ts';
import * as rules from './design-rules.ts';

export const name = 'design';
export const summary = 'from a technique to the scope of a detection, and what is missing to see it';
export const nested: readonly CommandModule[] = [
  newDossier,
  imported,
  lint,
  migrate,
  funnel,
  gaps,
  diagram,
  report,
  rules,
  observe,
  probe,
];

export function grammar(command: Command): Command {
  return command.addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
A dossier says in YAML what a technique is made of: primitives, the procedures that use them, and what would show them.
The funnel asks of each primitive: A is it one, B is it necessary, C who controls it, D is it visible, E is it rare enough, F what does it cost.
What is left is the scope of the detection.

Examples:
  winnow design new T1003.001 --platform Windows
  winnow design lint dossiers
  winnow design funnel T1003.001.yaml --environment company.yaml
  winnow design gaps dossiers --environment company.yaml --floor 5`;

export async function run(command: Command): Promise<ExitCode> {
  throw new UsageError(`'design' is followed by what to do: ${command.commands.map((one) => one.name()).join(', ')}`);
}
