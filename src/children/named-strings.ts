// What the strings that name programs are to the answer: corroboration of a site that stays open ("possible"), or no child at all, and why.

import type { ModuleFlow } from '../code/flow.ts';
import { addressOf } from './address.ts';
import type { Address, NamedString } from './document.ts';
import type { FoundChild, ModuleAnswer, ModuleContext } from './module-children.ts';
import type { FoundString } from './strings.ts';

export interface StringAnswer {
  /** Children that the function of an open site names, and nothing was followed from. */
  readonly possible: readonly FoundChild[];
  readonly strings: readonly NamedString[];
}

/** Sorts the module's strings by what the sites' answer leaves open. */
export function sortStrings(
  flow: ModuleFlow,
  context: ModuleContext,
  answer: ModuleAnswer,
  found: readonly FoundString[],
): StringAnswer {
  const address = (rva: number): Address => addressOf(flow.image, rva);
  const proven = new Set(answer.children.map((child) => child.image.toLowerCase()));
  const literals = new Set(
    answer.children.flatMap((child) => child.evidence.literals.map((literal) => literal.address)),
  );
  const open = new Map(answer.openFunctions.map((one) => [one.function, one.site]));
  const possible: FoundChild[] = [];
  const strings: NamedString[] = [];
  for (const string of found) {
    const referrers = string.referrers.map((referrer) => referrer.at);
    const functions = referrers.map((at) => (open.size === 0 ? -1 : flow.functionHolding(at)));
    const name = string.names.find((one) => one.kind === 'program' && one.exact);
    if (literals.has(address(string.rva))) continue;
    const at = functions.find((start) => open.has(start));
    const site = at === undefined ? undefined : open.get(at);
    if (name && site && !proven.has(name.name.toLowerCase()) && name.name.length > 4) {
      possible.push({
        image: name.name,
        path: null,
        commandLine: null,
        confidence: 'possible',
        evidence: {
          module: context.name,
          sink: site.sink.name,
          site: address(site.rva),
          function: address(site.function),
          reach: context.reachOf(site.function),
          route: [
            {
              address: address(string.rva),
              what: `the text "${string.text}" is used in the function of the call; it was not followed to it`,
            },
          ],
          literals: [{ address: address(string.rva), text: string.text, encoding: string.encoding }],
        },
      });
      continue;
    }
    strings.push({
      text: string.text,
      module: context.name,
      address: address(string.rva),
      referrers: referrers.map(address),
      why: why(referrers, functions),
    });
  }
  return { possible, strings };
}

function why(referrers: readonly number[], functions: readonly number[]): string {
  if (referrers.length === 0) return 'nothing was seen to refer to it';
  if (functions.every((start) => start < 0)) return 'only data refers to it';
  return 'used in functions that create no process';
}
