// The section of the report on registry values whose change adds a child.

import type { ChildrenDocument } from '../children/document.ts';
import { brief, type Style } from './print.ts';

export function watchedLines({ watched, parent }: ChildrenDocument, style: Style): string[] {
  if (watched === undefined || watched.length === 0) return [];
  const lines = [
    style.heading(`Registry values whose change adds a child of ${brief(parent.image)} (${watched.length})`),
  ];
  for (const { key, value, why, technique, answers, build } of watched) {
    const of = build === undefined ? '' : `, in ${brief(build)}`;
    lines.push(`  ${style.strong(brief(key))}, ${value === '' ? 'the default value' : `value ${brief(value)}`}`);
    lines.push(`    ${brief(why)}${technique === undefined ? '' : ` (${brief(technique)})`}${of}`);
    for (const { data, source } of answers ?? [])
      if (data !== null) lines.push(`    now "${brief(data)}", with ${brief(source)}`);
  }
  return lines;
}
