// docs/accounts-layers.md shows the tables that the property test of the stories takes away with a layer.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FIELDS, KNOWS, type Knowledge, SEES } from '../../fixtures/accounts/visibility.ts';
import type { LayerId } from '../../src/accounts/document.ts';

const LAYERS = ['native', 'command', 'api', 'registry'] as const satisfies readonly LayerId[];
const page = readFileSync('docs/accounts-layers.md', 'utf8');

const KNOWLEDGE: Readonly<Record<Knowledge, string>> = {
  can: 'yes',
  cannot: 'no',
  'built-in': 'of built-in groups',
  named: "by a name's key",
  process: 'not by scripts',
};

const rowOf = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

it.each(FIELDS)('says which layer can know %s', (field) =>
  expect(page).toContain(rowOf(field, ...LAYERS.map((layer) => KNOWLEDGE[KNOWS[layer][field]]))),
);

it.each(Object.entries(SEES))('says how each layer sees %s', (kind, sights) =>
  expect(page).toContain(rowOf(kind, ...LAYERS.map((layer) => sights[layer]))),
);
