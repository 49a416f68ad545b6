// Funnels of dossiers that stand in fixtures or in a test, with the dossier and the environment that they were computed from.

import { readFileSync } from 'node:fs';
import type { ExclusionEntry, FunnelDocument } from '../../src/design/document.ts';
import { fixtureFigures } from '../../src/design/funnel/baseline.ts';
import { funnelOf } from '../../src/design/funnel/funnel.ts';
import { readDossiers } from '../../src/design/read/read-dossiers.ts';
import type { Subject } from '../../src/design/report/subject.ts';

/** The funnel of the text's first dossier in its environment, with the figures that stand in it. */
export function subjectOf(
  text: string,
  exclusions: readonly ExclusionEntry[] = [],
): Subject & { readonly funnel: FunnelDocument } {
  const { techniques, environments } = readDossiers(text, 'dossier.yaml');
  const [technique] = techniques;
  const [environment] = environments;
  const funnel = funnelOf({
    technique,
    together: techniques,
    environment,
    figures: fixtureFigures(environment),
    sessions: new Map(),
    exclusions,
    resilience: () => null,
    engine: 'fixtures',
    window: null,
    inputsSha256: '0'.repeat(64),
    notes: [],
  });
  return { funnel, technique, environment };
}

export const fixture = (name: string): string => readFileSync(`fixtures/designs/${name}.yaml`, 'utf8');

/** Texts that break out of what does not hold them: markup, Markdown, bidirectional marks, half a character, and ten thousand of one. */
export const HOSTILE: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  ']]><svg onload=alert(1)>',
  '| a | b | `c` **d** [e](javascript:alert(1)) @f #1',
  '\u202Egnp.exe\u2066\u200B',
  'a\u0300'.repeat(200),
  '\uD800',
  '\uFFFE\uFDD0',
  '# heading',
  '1. list',
  "'; --",
  '&lt;b&gt;&amp;&#x202e;',
  'x'.repeat(10_000),
  '漢字'.repeat(500),
];
