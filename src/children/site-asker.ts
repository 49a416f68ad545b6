// Asks the call sites of one module for their arguments: each with little effort first, and with more where that did not tell the program.
import type { ModuleFlow } from '../code/flow.ts';
import { instructionAt } from '../code/functions.ts';
import { Outward } from '../code/outward.ts';
import type { TextPath } from '../code/pieces.ts';
import type { OwnImage, Reading } from './child-name.ts';
import { distinctReadings, type OpenWay, readSite, waysTo, withVia } from './site-readings.ts';
import type { Site } from './sites.ts';

/** What a site says. */
export interface SiteAnswer {
  readonly ways: readonly OpenWay[];
  readonly readings: readonly Reading[];
  /** By reading: the texts of all ways that say the same, its own first. */
  readonly texts: ReadonlyMap<Reading, readonly TextPath[]>;
  /** Whether a limit of the site's own function ended it, or called functions were more work than is followed. */
  readonly ended: 'limited' | 'cut' | undefined;
}

export class SiteAsker {
  readonly #flow: ModuleFlow;
  readonly #own: OwnImage;
  /** How values are followed to callers and variables, the first time. */
  readonly outward: Outward;
  /** The same for the flows that work out more. */
  readonly #further = new Map<ModuleFlow, Outward>();

  constructor(flow: ModuleFlow, own: OwnImage) {
    this.#flow = flow;
    this.#own = own;
    this.outward = new Outward(flow);
  }

  ask(site: Site): SiteAnswer {
    const answer = this.#askTwice(site);
    if (answer.ended !== 'limited') return answer;
    const patient = this.#askFurther(site, this.#flow.patient);
    return patient.ended !== 'limited' && told(patient) >= told(answer) ? patient : answer;
  }

  #askTwice(site: Site): SiteAnswer {
    const first = this.#askIn(site, this.#flow, this.outward);
    if (first.readings.length === 0 || told(first) > 0) return first;
    const second = this.#askFurther(site, this.#flow.again);
    return told(second) > 0 ? second : first;
  }

  #askFurther(site: Site, flow: ModuleFlow): SiteAnswer {
    const outward = this.#further.get(flow) ?? new Outward(flow);
    this.#further.set(flow, outward);
    return this.#askIn(siteIn(flow, site), flow, outward);
  }

  #askIn(site: Site, flow: ModuleFlow, outward: Outward): SiteAnswer {
    const ways = waysTo(site, outward, flow, this.#own);
    const texts = distinctReadings(
      ways.flatMap((way) => readSite(site, way.values, this.#own).map((reading) => withVia(reading, way.via))),
    );
    const ended = site.values.limited ? 'limited' : flow.cutShort ? 'cut' : undefined;
    return { ways, readings: [...texts.keys()], texts, ended };
  }
}

/** How many readings say more than that something was not followed far enough. */
function told({ readings }: SiteAnswer): number {
  return readings.filter((reading) => !isDark(reading)).length;
}

/** Whether a reading says no more than that something in the module was not followed far enough. */
function isDark(reading: Reading): boolean {
  return reading.kind === 'hidden' && reading.piece.kind === 'unknown' && reading.piece.why !== 'caller';
}

/** The same site, in a flow that works out more. */
function siteIn(flow: ModuleFlow, site: Site): Site {
  const values = flow.values(site.function) ?? site.values;
  const i = instructionAt(values.code, site.rva);
  return { ...site, values, call: values.comesTo(i) ? values.call(i) : undefined };
}
