// Holds what Winnow says of the programs of a truth table against the table, by the counting rules of ../shared/children/score.py.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What Windows starts on behalf of anyone: neither right nor wrong when the document lists it as generic. */
const GENERIC = new Set(['werfault.exe', 'werfaultsecure.exe', 'wermgr.exe', 'conhost.exe']);
/** A program that takes longer counts as failed. */
const LONGEST_MS = 120_000;
/** Two addresses this near are the same call: the instruction, or the one after it. */
const SAME_CALL = 7;
const CLAIMED = new Set(['proven', 'likely']);
const ELSEWHERE = new Set(['module-only', 'other-process']);

/** A name in lower case without its folder and quotes. */
export const base = (name) =>
  String(name)
    .replaceAll('/', '\\')
    .split('\\')
    .at(-1)
    .replace(/^[" ]+|[" ]+$/g, '')
    .toLowerCase();

const address = (text) => (/^(0x)?[0-9a-f]+$/i.test(String(text)) ? Number.parseInt(text, 16) : undefined);
const near = (a, b) => a !== undefined && b !== undefined && Math.abs(a - b) <= SAME_CALL;

/** The file's bytes when it is there with that hash. */
function sameFile(path, sha256) {
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  return createHash('sha256').update(bytes).digest('hex') === sha256 ? bytes : undefined;
}

/**
 * Each parent of the table whose file is under `root` with the same hash is analysed with just the modules that the table names for it.
 * `findChildren` is asked with options, `change` gives the bytes that are analysed in a file's place (a stripped copy).
 */
export function scoreTable(truth, root, findChildren, change = (_path, bytes) => bytes) {
  const counts = new Map();
  const programs = [];
  for (const parent of truth.parents) {
    const add = (more) => {
      for (const group of ['all', parent.arch]) {
        const sum = counts.get(group) ?? {};
        for (const [key, n] of Object.entries(more)) sum[key] = (sum[key] ?? 0) + n;
        counts.set(group, sum);
      }
    };
    const path = join(root, parent.file);
    const bytes = sameFile(path, parent.sha256);
    if (bytes === undefined) {
      add({ absent: 1 });
      continue;
    }
    const { document, error, ms } = analyse(parent, path, bytes, root, findChildren, change);
    const compared = compare(parent, document);
    add({ parents: 1, failed: error === undefined ? 0 : 1, ...compared.counts });
    programs.push({ program: parent.parent, arch: parent.arch, ms, ...(error ? { error } : {}), ...compared.lists });
  }
  const times = programs.map(({ ms }) => ms).sort((a, b) => a - b);
  const groups = [...counts].filter(([group]) => group !== 'all').sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...summary(counts.get('all') ?? {}),
    median_ms: times.length > 0 ? Math.round(times[times.length >> 1] * 10) / 10 : null,
    by_arch: Object.fromEntries(groups.map(([group, sum]) => [group, summary(sum)])),
    programs,
  };
}

function analyse(parent, path, bytes, root, findChildren, change) {
  const failed = (error, ms = 0) => ({ document: {}, error, ms });
  if (parent.host !== undefined) return failed('modules in a host are not read by this script');
  const modules = new Map();
  for (const module of parent.modules_considered.slice(1)) {
    const from = join(root, module.path);
    const read = sameFile(from, module.sha256);
    if (read === undefined) return failed(`module ${module.path} is absent or another build`);
    modules.set(basename(module.path).toLowerCase(), {
      name: basename(module.path),
      path: from,
      bytes: change(from, read),
    });
  }
  const image = { name: basename(path), path, bytes: change(path, bytes) };
  const start = performance.now();
  try {
    const document = findChildren(image, { loadModule: (name) => modules.get(name.toLowerCase()) });
    const ms = performance.now() - start;
    return ms > LONGEST_MS ? failed('over 120 s', ms) : { document, ms };
  } catch (error) {
    return failed(error.stack?.split('\n').slice(0, 2).join(' ') ?? String(error), performance.now() - start);
  }
}

/** Counts of one program, and what is missed, false, not found. */
function compare(parent, document) {
  const claimed = (document.children ?? []).filter((c) => CLAIMED.has(c.confidence) && !ELSEWHERE.has(c.reach ?? ''));
  const got = new Set(claimed.map((c) => base(c.image)));
  const proven = new Set(claimed.filter((c) => c.confidence === 'proven').map((c) => base(c.image)));
  const want = new Set(parent.child_images);
  const neutral = new Set([
    ...(document.generic ?? []).map((g) => base(g.image)).filter((name) => GENERIC.has(name)),
    ...(parent.not_reached_images ?? []),
    ...(parent.non_exe_targets ?? []).map((t) => base(t.target)),
  ]);
  const falsely = [...got].filter((name) => !want.has(name) && !neutral.has(name));
  const missed = [...want].filter((name) => !got.has(name));
  return {
    counts: {
      true: got.size - [...got].filter((name) => !want.has(name)).length,
      false: falsely.length,
      missed: missed.length,
      proven: [...proven].filter((name) => want.has(name) || !neutral.has(name)).length,
      proven_true: [...proven].filter((name) => want.has(name)).length,
      generic_listed: (document.generic ?? []).length,
      ...placedSites(parent, claimed, want),
      ...blindSpots(parent, document).counts,
    },
    lists: { missed: missed.sort(), false: falsely.sort(), blind_spots_missed: blindSpots(parent, document).missed },
  };
}

/** Of the call sites of the table's reached children, those that the document's evidence shows for that image. */
function placedSites(parent, claimed, want) {
  const rows = new Map();
  for (const c of parent.children)
    if (want.has(c.image) && c.call_site && !c.reachability.startsWith('not_reached'))
      rows.set(`${c.image} ${base(c.module)} ${c.call_site}`, [c.image, base(c.module), address(c.call_site)]);
  const shown = claimed.flatMap((c) =>
    (c.evidence ?? []).map((e) => [base(c.image), base(e.module ?? ''), address(e.site)]),
  );
  const placed = [...rows.values()].filter(([image, module, site]) =>
    shown.some(([i, m, s]) => i === image && m === module && near(s, site)),
  );
  return { rows: rows.size, placed: placed.length };
}

function blindSpots(parent, document) {
  const said = (document.blindSpots ?? [])
    .map((b) => ({ module: base(b.module ?? ''), site: address(b.site), reason: b.reason }))
    .filter((b) => b.site !== undefined);
  const known = parent.unresolved
    .filter((u) => u.call_site)
    .map((u) => ({ ...u, module: base(u.module), site: address(u.call_site) }));
  const same = (a, b) => a.module === b.module && near(a.site, b.site);
  const distinct = (spots, key) => new Set(spots.map(key)).size;
  const reasonsAt = (spot) => known.filter((u) => same(u, spot)).map((u) => u.reason);
  const invented = said.filter((b) => reasonsAt(b).length === 0);
  const wrong = said
    .filter((b) => b.reason === 'registry' && reasonsAt(b).length > 0)
    .filter((b) => !reasonsAt(b).includes('registry'));
  const found = known.filter((u) => said.some((b) => same(b, u)));
  const registry = known.filter((u) => u.reason === 'registry');
  const named = registry.filter((u) => said.some((b) => same(b, u) && b.reason === 'registry'));
  return {
    counts: {
      sites: known.length,
      found: found.length,
      registry: registry.length,
      named: named.length,
      invented: distinct(invented, (b) => `${b.module} ${b.site}`),
      wrong: distinct(wrong, (b) => `${b.module} ${b.site}`),
    },
    missed: known
      .filter((u) => !found.includes(u) || (registry.includes(u) && !named.includes(u)))
      .map((u) => {
        const reasons = said.filter((b) => same(b, u)).map((b) => b.reason);
        return `${u.module} ${u.call_site}: ${u.reason}${reasons.length > 0 ? `, said to be ${[...new Set(reasons)].join(', ')}` : ''}`;
      }),
  };
}

const ratio = (part, whole) => Math.round((part / Math.max(1, whole)) * 10_000) / 10_000;

function summary(sum) {
  const n = (key) => sum[key] ?? 0;
  return {
    parents: n('parents'),
    absent: n('absent'),
    failed: n('failed'),
    recall: ratio(n('true'), n('true') + n('missed')),
    precision: ratio(n('true'), n('true') + n('false')),
    true: n('true'),
    missed: n('missed'),
    false: n('false'),
    proven_precision: ratio(n('proven_true'), n('proven')),
    proven: n('proven'),
    blind_spots_found: `${n('found')}/${n('sites')}`,
    registry_named: `${n('named')}/${n('registry')}`,
    blind_spots_invented: n('invented'),
    registry_wrong: n('wrong'),
    sites_shown: `${n('placed')}/${n('rows')}`,
  };
}
