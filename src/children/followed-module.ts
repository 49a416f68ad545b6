// One module made ready to be asked: its code as it is followed, its symbols, and what its functions are called.
import { ModuleFlow } from '../code/flow.ts';
import type { Note } from '../errors.ts';
import { type PeImage, readImage } from '../pe/image.ts';
import { FunctionHints } from './function-hints.ts';
import { FunctionNames } from './function-names.ts';
import { type LoadSymbols, readModuleSymbols } from './module-symbols.ts';
import type { ModuleFile } from './modules.ts';

export interface FollowedModule {
  readonly flow: ModuleFlow;
  readonly names: FunctionNames;
  readonly hints: FunctionHints;
  /** File name of the program database that the names come from; undefined without one. */
  readonly symbols: string | undefined;
}

/** Makes the flow of a module; `starts` are RVAs at which symbols say that a function begins. */
export type MakeFlow = (image: PeImage, starts?: Iterable<number>) => ModuleFlow;

export interface FollowOptions {
  readonly loadSymbols?: LoadSymbols;
  readonly makeFlow?: MakeFlow;
}

/** What cannot be read of the symbols is added to `notes`. */
export function followModule(image: PeImage, options: FollowOptions, notes: Note[]): FollowedModule {
  const symbols = readModuleSymbols(image, options.loadSymbols, notes);
  const names = new FunctionNames(image, symbols);
  const starts = symbols?.functions.starts;
  const flow = options.makeFlow?.(image, starts) ?? new ModuleFlow(image, starts);
  return { flow, names, hints: new FunctionHints(flow, names), symbols: symbols?.name };
}

/** The same of a file by itself. Throws FormatError when it is no PE image. */
export function followFile({ bytes, name }: ModuleFile, options: FollowOptions = {}): FollowedModule {
  return followModule(readImage(bytes, name), options, []);
}
