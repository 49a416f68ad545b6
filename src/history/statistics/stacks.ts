// Stack counting: on how many of the hosts each value stands, the rarest first; and how much of the hits one host or value has.

import { compareTexts } from '../../bytes/text-order.ts';
import type { Answer, FieldAnswer, ValueCount } from '../question.ts';
import type { Concentration, FieldStack, ValueStack } from './baseline-summary.ts';
import { rounded } from './quantiles.ts';

/** `hosts`: those with telemetry. `most`: values told of each kind. */
export function stackOf(field: FieldAnswer, hits: number, hosts: number, most: number): FieldStack {
  const stack = (values: readonly ValueCount[]): readonly ValueStack[] =>
    values.slice(0, most).map(({ value, hits: count, hosts: on, first }) => ({
      value,
      hits: count,
      hosts: on,
      share: hosts === 0 ? null : rounded(Math.min(1, on / hosts)),
      first,
    }));
  const told = field.rarest ?? field.values;
  return {
    field: field.field,
    distinct: field.distinct,
    filled: hits === 0 ? null : rounded(field.filled / hits),
    complete: field.values.length >= field.distinct,
    rare: stack([...told].sort((a, b) => a.hosts - b.hosts || a.hits - b.hits || compareTexts(a.value, b.value))),
    frequent: stack([...field.values].sort((a, b) => b.hits - a.hits || compareTexts(a.value, b.value))),
  };
}

export function concentrationOf({ hosts, fields }: Answer): Concentration {
  const all = hosts.reduce((sum, host) => sum + host.hits, 0);
  const top = [...hosts].sort((a, b) => b.hits - a.hits || compareTexts(a.host, b.host))[0];
  // A field that has one value alone says nothing of where the hits come from.
  const telling = fields.filter(({ distinct }) => distinct > 1);
  const values = (telling.length > 0 ? telling : fields)
    .flatMap(({ field, filled, values: [...counts] }) => {
      const first = counts.sort((a, b) => b.hits - a.hits || compareTexts(a.value, b.value))[0];
      return first && filled > 0 ? [{ field, value: first.value, share: rounded(first.hits / filled) }] : [];
    })
    .sort((a, b) => b.share - a.share || compareTexts(a.field, b.field));
  return {
    top_host: top && all > 0 ? { host: top.host, share: rounded(top.hits / all) } : null,
    top_value: values[0] ?? null,
  };
}
