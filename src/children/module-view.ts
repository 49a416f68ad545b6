// A look into one module's code, for explaining an answer: the instructions behind an address of the document, the uses of a name.
import { ModuleFlow } from '../code/flow.ts';
import { InstructionText } from '../code/format-instruction.ts';
import { readImage } from '../pe/image.ts';
import type { Address, NamedString, SiteEntry } from './document.ts';
import type { ModuleFile } from './modules.ts';
import { findReferrers, operandsOf } from './referrers.ts';
import { SinkDistances, type StringUse, usesOf } from './string-uses.ts';

/** Places of code shown for one address in data. */
const MOST_PLACES = 2;

export class ModuleView {
  readonly #flow: ModuleFlow;
  readonly #text: InstructionText;
  readonly #distances: SinkDistances;

  /** `sites` are the document's; those of other modules are left out. Throws FormatError when `file` is no PE image. */
  constructor(file: ModuleFile, sites: readonly SiteEntry[]) {
    this.#flow = new ModuleFlow(readImage(file.bytes, file.name));
    this.#text = new InstructionText(this.#flow.code);
    this.#distances = new SinkDistances(
      this.#flow,
      sites.filter((site) => site.module.toLowerCase() === file.name.toLowerCase()),
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
    return usesOf(this.#flow, named, this.#distances);
  }
}
