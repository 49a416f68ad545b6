// A look into one module's code, for explaining an answer: the instructions behind an address of the document, the uses of a name.
import type { ModuleFlow } from '../code/flow.ts';
import { InstructionText } from '../code/format-instruction.ts';
import { addressOf } from './address.ts';
import type { Address, NamedString, SiteEntry } from './document.ts';
import type { FollowedModule } from './followed-module.ts';
import type { FunctionHints } from './function-hints.ts';
import type { FunctionName, FunctionNames } from './function-names.ts';
import { findReferrers, operandsOf } from './referrers.ts';
import { SinkDistances, type StringUse, usesOf } from './string-uses.ts';

/** Places of code shown for one address in data. */
const MOST_PLACES = 2;

/** One function as a reader of its code would know it again. */
export interface FunctionNotes {
  /** Its name, of an export or of symbols. */
  readonly name?: FunctionName;
  /** See {@link FunctionHints}. */
  readonly hints: readonly string[];
  /** Where it stands in tables of functions whose class is not known. */
  readonly places: readonly string[];
  /** The texts that it takes the addresses of, in order. */
  readonly texts: readonly string[];
  /** The functions that call it, each with the first such call. */
  readonly callers: readonly { readonly site: Address; readonly function: Address }[];
  /** How far it is from a call site. */
  readonly use: StringUse;
}

export class ModuleView {
  readonly #flow: ModuleFlow;
  readonly #text: InstructionText;
  readonly #distances: SinkDistances;
  readonly #hints: FunctionHints;
  readonly #names: FunctionNames;

  /** `sites` are the document's; those of other modules are left out. */
  constructor({ flow, names, hints }: FollowedModule, sites: readonly SiteEntry[]) {
    this.#flow = flow;
    this.#names = names;
    this.#hints = hints;
    this.#text = new InstructionText(flow.code);
    const own = flow.image.name.toLowerCase();
    this.#distances = new SinkDistances(
      flow,
      sites.filter((site) => site.module.toLowerCase() === own),
    );
  }

  /**
   * The instructions around an address, one line each. For an address in data: around the code that refers to it, that of the
   * function `within` first. None where no code is known.
   */
  instructionsAround(address: Address, within?: Address): readonly string[] {
    const { image } = this.#flow;
    const rva = image.rvaOf(Number(address));
    if (rva < 0) return [];
    if (image.isCode(rva)) return this.#text.around(Number(address));
    const referrers = (findReferrers(image, [rva], operandsOf(this.#flow)).get(rva) ?? [])
      .map(({ at }) => at)
      .filter((at) => image.isCode(at));
    const start = within === undefined ? -1 : image.rvaOf(Number(within));
    const own = referrers.filter((at) => start >= 0 && this.#flow.functionHolding(at) === start);
    return (own.length > 0 ? own : referrers)
      .slice(0, MOST_PLACES)
      .flatMap((at) => this.#text.around(image.imageBase + at, 1, 1));
  }

  /** The functions that use a name of this module, each with how many calls it is away from a call site. */
  usesOf(named: NamedString): readonly StringUse[] {
    return usesOf(this.#flow, named, this.#distances, this.#names);
  }

  /** The function that holds an address of this module's code; undefined where none does. */
  functionAt(address: Address): Address | undefined {
    const rva = this.#flow.image.rvaOf(Number(address));
    const start = rva > 0 && this.#flow.image.isCode(rva) ? this.#flow.functionHolding(rva) : -1;
    return start < 0 ? undefined : addressOf(this.#flow.image, start);
  }

  /** What is known of the function that starts at an address. */
  describeFunction(start: Address): FunctionNotes {
    const { image } = this.#flow;
    const rva = image.rvaOf(Number(start));
    const callers = new Map(this.#flow.callersOf(rva).map((caller) => [caller.function, caller.site]));
    const nearest = this.#distances.of(rva);
    return {
      name: this.#names.of(rva),
      hints: this.#hints.of(rva),
      places: this.#hints.placesOf(rva),
      texts: this.#hints.textsOf(rva).map(({ text }) => text),
      callers: [...callers].map(([caller, site]) => ({
        site: addressOf(image, site),
        function: addressOf(image, caller),
      })),
      use: {
        function: start,
        distance: nearest?.distance ?? null,
        ...(nearest ? { sink: nearest.sink, site: nearest.site } : {}),
      },
    };
  }
}
