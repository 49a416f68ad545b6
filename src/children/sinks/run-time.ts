// The C run-time's _spawn and _exec functions (process.h): the program, then its arguments one by one or as a vector that NULL ends.
import { argument, type Sink } from './sink.ts';

/** How the arguments come (a list, a vector), whether PATH is searched, whether an environment comes behind them. */
const FORMS = ['l', 'le', 'lp', 'lpe', 'v', 've', 'vp', 'vpe'] as const;

/** `program` is the index of the program's name; the arguments, or the pointer to them, stand behind it. */
function formsOf(stem: string, wide: boolean, program: number): readonly Sink[] {
  return FORMS.map((form) => ({
    name: `${stem}${form}`,
    family: 'run-time',
    wide,
    application: argument(program),
    commandLine: { kind: form.startsWith('l') ? 'argument-list' : 'argument-vector', index: program + 1 },
    extension: 'found',
  }));
}

export const RUN_TIME_SINKS: readonly Sink[] = [
  ...formsOf('_spawn', false, 1),
  ...formsOf('_wspawn', true, 1),
  ...formsOf('_exec', false, 0),
  ...formsOf('_wexec', true, 0),
];

/** The names that they had before the underscore: still exported by some run-time libraries. */
export const RUN_TIME_ALIASES: Readonly<Record<string, string>> = Object.fromEntries(
  ['spawn', 'exec'].flatMap((stem) => FORMS.map((form) => [`${stem}${form}`, `_${stem}${form}`])),
);
