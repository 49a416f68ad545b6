// What the commands offer to a shell that completes: their names, arguments, options and choices, as a tree.
import type { Command } from 'commander';
import { pathOf } from './command-module.ts';

/** What a command offers to who completes it. */
export interface Offer {
  /** The words that name it: 'accounts sam'; none for the program itself. */
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionOffer[];
  readonly arguments: readonly ArgumentOffer[];
  /** The commands within it; they are named directly behind it. */
  readonly nested: readonly Offer[];
}

/** One argument of a command. */
export interface ArgumentOffer {
  /** Fixed words for it; files where there are none. */
  readonly words: readonly string[];
  readonly variadic: boolean;
}

/** One option of a command. */
export interface OptionOffer {
  readonly long: string;
  readonly short?: string;
  readonly description: string;
  /** What follows it: nothing, one of the choices, a folder, or any text. */
  readonly value: 'none' | 'choice' | 'folder' | 'text';
  readonly choices: readonly string[];
}

/** The offer of a command whose grammar is loaded, and of all within it. */
export function offerOf(command: Command): Offer {
  return {
    path: pathOf(command),
    name: command.name(),
    summary: command.summary(),
    options: [
      ...command.options.map((option): OptionOffer => {
        const choices = option.argChoices ?? [];
        const value = !option.required
          ? 'none'
          : choices.length > 0
            ? 'choice'
            : option.flags.includes('<DIR>')
              ? 'folder'
              : 'text';
        return { long: option.long!, short: option.short, description: option.description, value, choices };
      }),
      { long: '--help', short: '-h', description: 'print the help', value: 'none', choices: [] },
    ],
    arguments: command.registeredArguments.map((one) => ({ words: one.argChoices ?? [], variadic: one.variadic })),
    // The words of `help` are the commands themselves.
    nested: command.commands.filter((one) => one.name() !== HELP).map(offerOf),
  };
}

const HELP = 'help';

/** An offer and all within it, the outer before the inner. */
export function all(offer: Offer): Offer[] {
  return [offer, ...offer.nested.flatMap(all)];
}

/** Their long and short forms. */
export function flagsOf(options: readonly OptionOffer[]): string[] {
  return options.flatMap((o) => (o.short ? [o.long, o.short] : [o.long]));
}
