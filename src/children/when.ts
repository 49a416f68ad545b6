// On which arguments of its parent a child depends: of one way to start it, and of several.
import type { ComparedAt, ParentArgument, When } from './document.ts';

/** Texts of which one must be there. */
const MOST_TEXTS = 12;

/** All of these arguments; undefined where there are none. */
export function whenAll(all: readonly ParentArgument[]): When | undefined {
  const each = [...new Map(all.map((one) => [keyOf(one), one])).values()];
  // Where one of fewer texts must be there, so is one of more that are these and others.
  const [first, ...more] = each.filter((one) => !each.some((other) => other !== one && isWithin(other, one)));
  return first === undefined ? undefined : { parentArguments: [first, ...more] };
}

/** What holds of every one of several ways: what they have in common, and one of what each has beside. Undefined where one of them needs nothing. */
export function eitherWhen(ways: readonly (When | undefined)[]): When | undefined {
  const all = ways.map((way) => way?.parentArguments ?? []);
  const [first, ...others] = all;
  if (first === undefined || all.some((way) => way.length === 0)) return undefined;
  const inAll = first
    .filter((one) => others.every((way) => way.some((other) => keyOf(other) === keyOf(one))))
    .map((one) => joined(all.flatMap((way) => way.filter((other) => keyOf(other) === keyOf(one)))));
  const kept = new Set(inAll.map(keyOf));
  const rests = all.map((way) => way.filter((one) => !kept.has(keyOf(one))));
  if (rests.some((rest) => rest.length === 0)) return whenAll(inAll);
  const either = joined(rests.map((rest) => rest[rest.length - 1]));
  return whenAll(either.anyOf.length > MOST_TEXTS ? inAll : [...inAll, either]);
}

/** The same with the build that it was found in, for an entry to spread; nothing where there is none. */
export function whenIn(build: string, when: When | undefined): { readonly when?: When } {
  if (when === undefined) return {};
  const marked = when.parentArguments.map((one) => ({
    ...one,
    comparedAt: one.comparedAt.map((place) => ({ build, ...place })),
  }));
  const all = whenAll(marked);
  return all === undefined ? {} : { when: all };
}

function keyOf({ anyOf }: ParentArgument): string {
  return JSON.stringify(anyOf.map((text) => text.toLowerCase()).sort());
}

function isWithin(few: ParentArgument, many: ParentArgument): boolean {
  const texts = new Set(many.anyOf.map((text) => text.toLowerCase()));
  return few.anyOf.length < many.anyOf.length && few.anyOf.every((text) => texts.has(text.toLowerCase()));
}

/** One of the texts of all. */
function joined(all: readonly ParentArgument[]): ParentArgument {
  const texts = new Map(
    all
      .flatMap(({ anyOf }) => anyOf)
      .map((text) => [text.toLowerCase(), text] as const)
      .reverse(),
  );
  const places = new Map(all.flatMap(({ comparedAt }) => comparedAt).map((place) => [placeKey(place), place]));
  return { anyOf: [...texts.values()].reverse(), comparedAt: [...places.values()] };
}

function placeKey({ build, module, address }: ComparedAt): string {
  return `${build}|${module}|${address}`;
}
