// Writes data/attack/ from MITRE ATT&CK's STIX: node data/extract-attack.mjs 18.1=PATH 18.0=PATH 17.1=PATH (the newest first and whole, each other as a difference from it).
// PATH is a bundle (enterprise-attack-18.1.json of mitre-attack/attack-stix-data) or a folder of bundles (enterprise-attack/ of mitre/cti at the tag of the version).
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const given = process.argv.slice(2).map((word) => word.split(/=(.*)/s));
if (given.length === 0 || given.some(([version, path]) => !/^\d+\.\d+$/.test(version) || !path)) {
  console.error('usage: node data/extract-attack.mjs VERSION=PATH...');
  process.exit(2);
}

/** All objects of a bundle, or of the bundles of a folder and the folders in it. */
function objectsOf(path) {
  if (!statSync(path).isDirectory()) return JSON.parse(readFileSync(path, 'utf8')).objects;
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .flatMap((entry) => JSON.parse(readFileSync(join(entry.parentPath, entry.name), 'utf8')).objects);
}

const idOf = (object) =>
  object.external_references?.find(({ source_name: name }) => name === 'mitre-attack')?.external_id;
const sorted = (words) => [...words].sort();
const fail = (text) => {
  console.error(text);
  process.exit(3);
};

/** The facts of one version: tables of rows by ATT&CK's id. `componentIds` are by STIX id, for versions in which data components have no ids of their own. */
function factsOf(objects, componentIds) {
  const byStix = new Map(objects.map((object) => [object.id, object]));
  const of = (type) => objects.filter((object) => object.type === type);
  const related = (kind) => of('relationship').filter((one) => one.relationship_type === kind && !one.x_mitre_deprecated);
  const componentId = (object) => idOf(object) ?? componentIds.get(object.id) ?? fail(`no id for ${object.name}`);
  const replaced = new Map(related('revoked-by').map((one) => [one.source_ref, byStix.get(one.target_ref)]));

  const tactics = of('x-mitre-tactic').map((tactic) => [tactic.x_mitre_shortname, [idOf(tactic), tactic.name]]);
  const techniques = of('attack-pattern').map((pattern) => {
    const row = [
      pattern.name,
      sorted((pattern.kill_chain_phases ?? []).map(({ phase_name: name }) => name)).join(', '),
      sorted(pattern.x_mitre_platforms ?? []).join(', '),
    ];
    if (pattern.revoked) row.push(idOf(replaced.get(pattern.id) ?? fail(`${idOf(pattern)} is revoked by nothing`)));
    else if (pattern.x_mitre_deprecated) row.push('deprecated');
    return [idOf(pattern), row];
  });
  const components = of('x-mitre-data-component').map((component) => [
    componentId(component),
    component.x_mitre_deprecated || component.revoked ? [component.name, 'deprecated'] : [component.name],
  ]);
  const detects = new Map(related('detects').map((one) => [one.source_ref, byStix.get(one.target_ref)]));
  const live = (type) => of(type).filter((one) => !one.revoked && !one.x_mitre_deprecated);
  const strategies = live('x-mitre-detection-strategy').map((strategy) => [
    idOf(strategy),
    [
      strategy.name,
      idOf(detects.get(strategy.id) ?? fail(`${idOf(strategy)} detects nothing`)),
      sorted((strategy.x_mitre_analytic_refs ?? []).map((ref) => idOf(byStix.get(ref) ?? fail(`no ${ref}`)))).join(' '),
    ],
  ]);
  const analytics = live('x-mitre-analytic').map((analytic) => [
    idOf(analytic),
    [
      sorted(analytic.x_mitre_platforms ?? []).join(', '),
      ...(analytic.x_mitre_log_source_references ?? []).map((reference) => [
        componentId(byStix.get(reference.x_mitre_data_component_ref) ?? fail(`${idOf(analytic)} names no component`)),
        reference.name,
        reference.channel ?? '',
      ]),
    ],
  ]);
  const tables = { tactics, techniques, components, strategies, analytics };
  return Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => {
      const table = new Map(rows);
      if (table.size !== rows.length) fail(`${name}: an id is there twice`);
      return [name, table];
    }),
  );
}

/** Log sources are kept once, and analytics say their places in the list; a difference goes on behind the list of the whole. */
function withPlaces(tables, known) {
  const places = new Map(known.map((source, place) => [source, place]));
  const needed = new Set();
  for (const [, ...references] of tables.analytics.values())
    for (const [, name, channel] of references) needed.add(`${name}\t${channel}`);
  const added = sorted([...needed].filter((source) => !places.has(source)));
  for (const source of added) places.set(source, places.size);
  const analytics = new Map(
    [...tables.analytics].map(([id, [platforms, ...references]]) => [
      id,
      [platforms, references.map(([component, name, channel]) => `${component} ${places.get(`${name}\t${channel}`)}`).join(', ')],
    ]),
  );
  return { added, tables: { ...tables, analytics } };
}

/** A row for each id that differs; null where the older version has none. */
function differenceOf(older, newer) {
  const ids = sorted(new Set([...older.keys(), ...newer.keys()]));
  return new Map(
    ids
      .filter((id) => JSON.stringify(older.get(id)) !== JSON.stringify(newer.get(id)))
      .map((id) => [id, older.get(id) ?? null]),
  );
}

function written(head, added, tables) {
  const rows = (table) => sorted(table.keys()).map((id) => `${JSON.stringify(id)}:${JSON.stringify(table.get(id))}`);
  const sources = added.map((source) => JSON.stringify(source.split('\t')));
  const parts = [
    ...Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`),
    `"logSources":[\n${sources.join(',\n')}\n]`,
    ...Object.entries(tables).map(([name, table]) => `${JSON.stringify(name)}:{\n${rows(table).join(',\n')}\n}`),
  ];
  return `{\n${parts.join(',\n')}\n}\n`;
}

mkdirSync(new URL('attack/', import.meta.url), { recursive: true });
const [[newest, newestPath], ...rest] = given;
const newestObjects = objectsOf(newestPath);
const componentIds = new Map(
  newestObjects.filter(({ type }) => type === 'x-mitre-data-component').map((object) => [object.id, idOf(object)]),
);
const whole = withPlaces(factsOf(newestObjects, componentIds), []);
save(newest, { version: newest }, whole.added, whole.tables);
for (const [version, path] of rest) {
  const objects = objectsOf(path);
  const { added, tables } = withPlaces(factsOf(objects, componentIds), whole.added);
  const absent = Object.keys(tables).filter((name) => tables[name].size === 0);
  const numbered = objects.some((object) => object.type === 'x-mitre-data-component' && idOf(object) !== undefined);
  const differences = Object.entries(tables)
    .filter(([name]) => !absent.includes(name))
    .map(([name, table]) => [name, differenceOf(table, whole.tables[name])]);
  save(version, { version, differsFrom: newest, absent, componentIds: numbered }, added, Object.fromEntries(differences));
}

function save(version, head, added, tables) {
  const text = written(head, added, tables);
  writeFileSync(new URL(`attack/enterprise-${version}.json`, import.meta.url), text);
  const sizes = Object.entries(tables).map(([name, table]) => `${table.size} ${name}`);
  console.log(`${version}: ${sizes.join(', ')}, ${added.length} log sources, ${text.length} characters`);
}
