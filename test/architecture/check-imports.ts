// Who may import whom: the table of docs/architecture.md, no circles, node: and packages only where they belong.
import { type Import, importsOf } from './imports.ts';
import type { Problems, Tree } from './tree.ts';

/** The folders each folder of src/ may import beside itself. What is absent here does not exist. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  // ground
  errors: [],
  bytes: ['errors'],
  // readers: they know no rule
  pe: ['bytes', 'errors'],
  pdb: ['bytes', 'errors'],
  code: ['pe', 'bytes', 'errors'],
  evtx: ['bytes', 'errors'],
  hive: ['bytes', 'errors'],
  registry: ['hive', 'bytes', 'errors'],
  shortcuts: ['bytes', 'errors'],
  logs: ['evtx', 'bytes', 'errors'],
  // the meeting place: it knows no format
  rule: ['bytes', 'errors'],
  history: ['logs', 'rule', 'bytes', 'errors'],
  // missions: they meet only in a rule; design may read the documents of the other two
  children: ['code', 'pe', 'pdb', 'registry', 'shortcuts', 'hive', 'logs', 'rule', 'bytes', 'errors'],
  accounts: ['hive', 'logs', 'rule', 'bytes', 'errors'],
  design: ['history', 'rule', 'bytes', 'errors'],
  // hunt looks for texts in records' bytes before anything of an event is built
  hunt: ['logs', 'evtx', 'rule', 'history', 'bytes', 'errors'],
  // faces
  page: ['children', 'design', 'accounts', 'hunt', 'rule', 'bytes', 'errors'],
  server: ['children', 'design', 'accounts', 'hunt', 'rule', 'bytes', 'errors'],
  cli: ['children', 'design', 'history', 'accounts', 'hunt', 'rule', 'server', 'bytes', 'errors'],
  // the library's table of contents
  index: [
    'children',
    'design',
    'history',
    'accounts',
    'hunt',
    'rule',
    'pe',
    'code',
    'evtx',
    'logs',
    'hive',
    'registry',
    'shortcuts',
    'errors',
  ],
};

/** Single files that another folder may import although the folder is closed to it, each with why. */
export const ALSO: readonly { readonly from: string; readonly to: string; readonly why: string }[] = [
  { from: 'design', to: 'src/children/document.ts', why: 'design reads the documents of the other missions' },
  { from: 'design', to: 'src/accounts/document.ts', why: 'design reads the documents of the other missions' },
  { from: 'cli', to: 'src/pe/index.ts', why: 'a verb that only shows what a reader reads' },
  { from: 'cli', to: 'src/evtx/index.ts', why: 'a verb that only shows what a reader reads' },
  { from: 'cli', to: 'src/logs/index.ts', why: 'a verb that only shows what a reader reads' },
];

/** Where node: may be imported: the faces on a machine, and the adapters of data stores. */
const NODE = ['src/cli/', 'src/server/', 'src/history/stores/'];

/** Packages from outside, and the folders that stand on them. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  commander: ['src/cli/'],
  // Event XML; Sysmon's configuration and MMC's consoles, which are XML of their own and no log.
  saxes: ['src/logs/', 'src/accounts/sysmon-config/', 'src/shortcuts/'],
  papaparse: ['src/logs/', 'src/cli/'],
  '@zip.js/zip.js': ['src/logs/'],
  yaml: ['src/rule/'],
  'smol-toml': ['src/rule/'],
  '@duckdb/node-api': ['src/history/stores/'],
};

/** Problems of all imports under src/. */
export function checkImports(tree: Tree): Problems {
  const problems: string[] = [];
  const imports = importsOf(tree).filter(({ from }) => from.startsWith('src/'));
  for (const each of imports) {
    const problem = each.relative ? problemInside(tree, each) : problemOutside(each);
    if (problem !== undefined) problems.push(`${each.from}: ${problem}`);
  }
  for (const folder of new Set([...tree.keys()].filter((path) => path.startsWith('src/')).map(layerOf))) {
    if (!Object.hasOwn(MAY_IMPORT, folder))
      problems.push(`src/${folder}: the table of who may import whom has no such folder`);
  }
  return [...problems, ...circlesOf(imports)];
}

/** "src/pe/image.ts" is of layer "pe", "src/errors.ts" of layer "errors". */
function layerOf(path: string): string {
  return path.split('/')[1].replace(/\.ts$/, '');
}

function problemInside(tree: Tree, { from, to }: Import): string | undefined {
  if (to.startsWith('data/') && to.endsWith('.json')) return undefined;
  if (to === 'package.json' && from.startsWith('src/cli/')) return undefined; // the version that the command line tells
  if (!to.startsWith('src/')) return `imports ${to}, which is outside src/ and no table of data/`;
  if (!tree.has(to)) return `imports ${to}, which does not exist`;
  const [own, other] = [layerOf(from), layerOf(to)];
  if (own === other)
    return isDoor(to) ? `imports the door ${to}; inside the house import the file that defines a thing` : undefined;
  if (ALSO.some((a) => a.from === own && a.to === to)) return undefined;
  if (!MAY_IMPORT[own]?.includes(other)) return `${own} may not import ${other} (${to})`;
  return isDoor(to) && own !== 'index'
    ? `imports the door ${to}; inside the house import the file that defines a thing`
    : undefined;
}

/** The index.ts of a folder directly under src/ is for strangers; deeper ones are tables. */
function isDoor(path: string): boolean {
  return /^src\/[^/]+\/index\.ts$/.test(path);
}

function problemOutside({ from, to }: Import): string | undefined {
  if (to.startsWith('node:'))
    return NODE.some((place) => from.startsWith(place)) ? undefined : `imports ${to}; the core runs in a browser`;
  const name = to
    .split('/')
    .slice(0, to.startsWith('@') ? 2 : 1)
    .join('/');
  const places = Object.hasOwn(PACKAGES, name) ? PACKAGES[name] : undefined;
  if (places === undefined) return `imports the package ${name}, which check-imports.ts does not list`;
  return places.some((place) => from.startsWith(place))
    ? undefined
    : `imports the package ${name}, which only ${places.join(', ')} may`;
}

/** One sentence for each circle of files, told from its first file in the order of the tree. */
function circlesOf(imports: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to, relative } of imports) if (relative) next.set(from, [...(next.get(from) ?? []), to]);
  const circles: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const seen = path.indexOf(file);
    if (seen >= 0) circles.push(`${file}: imports itself in a circle: ${[...path.slice(seen), file].join(' -> ')}`);
    if (seen >= 0 || done.has(file)) return;
    path.push(file);
    for (const each of next.get(file) ?? []) visit(each);
    path.pop();
    done.add(file);
  };
  for (const file of next.keys()) visit(file);
  return circles;
}
