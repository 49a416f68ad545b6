// Holds the judge of exclusions against the tables of truth/, and prints where they differ and how long all the rules took.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'smol-toml';

const { values: options } = parseArgs({
  options: {
    sigma: { type: 'string', default: process.env.WINNOW_TRUTH_SIGMA },
    elastic: { type: 'string', default: process.env.WINNOW_TRUTH_ELASTIC },
    table: { type: 'string', multiple: true, default: ['exclusions', 'exclusions-second'] },
    json: { type: 'boolean', default: false },
  },
});
const built = new URL('../dist/rule.js', import.meta.url);
if (!existsSync(built) || (!options.sigma && !options.elastic)) {
  console.error(
    'usage: npm run build, then node truth/exclusions.mjs [--sigma FOLDER] [--elastic FOLDER] [--table NAME]... [--json]\n' +
      '  the folders rules/windows of SigmaHQ/sigma and of elastic/detection-rules (default: WINNOW_TRUTH_SIGMA, WINNOW_TRUTH_ELASTIC)\n' +
      '  --table NAME       a table of truth/ without .json, as often as wanted (default: exclusions and exclusions-second)',
  );
  process.exit(2);
}
const { judgeExclusions, readEql, readerFor, readers } = await import(built);
const tables = options.table.map((name) => {
  const file = new URL(`${name}.json`, import.meta.url);
  if (!/^[\w-]+$/.test(name) || !existsSync(file)) {
    console.error(`truth/ has no table ${JSON.stringify(name)}`);
    process.exit(2);
  }
  return { name, clauses: JSON.parse(readFileSync(file, 'utf8')).clauses };
});

/** The judged exclusions of each rule by its id, and the milliseconds it took. */
function judged(folder) {
  const start = performance.now();
  const rules = new Map();
  for (const file of readdirSync(folder, { recursive: true }).sort()) {
    const reader = readerFor(file);
    if (!reader) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    for (const { id, query } of readers[reader].read(text, { title: file }).rules) {
      // The table has places within the query, a rule that was read those of its file.
      const own = reader === 'elastic' ? parse(text).rule : undefined;
      rules.set(id, judgeExclusions(own?.type === 'eql' ? readEql(own.query) : query));
    }
  }
  return { rules, ms: performance.now() - start };
}

/** Sigma's clauses have names. EQL's are found by where they begin in the query (lint has the place of the first value compared), else by their number. */
function found(exclusions, { clause, line, column }) {
  if (line === undefined) return exclusions.find(({ name }) => name === clause);
  return (
    exclusions.find(({ at }) => at?.line === line && at.column >= column) ??
    exclusions.find(({ at }) => at?.line === line) ??
    exclusions.find(({ number }) => number === Number(clause))
  );
}

const reports = new Map(
  tables.map(({ name }) => [name, { table: name, agree: 0, of: 0, forcedOfFree: 0, differ: [], missing: [] }]),
);

function score(report, row, own) {
  report.of++;
  if (!own) report.missing.push(`${row.rule} ${row.clause}`);
  else if (own.class === row.class) report.agree++;
  else {
    report.differ.push({
      rule: row.rule,
      clause: row.clause,
      truth: row.class,
      lint: own.class,
      reason: row.reason,
      why: own.why,
    });
    if (row.class === 'free' && own.class === 'forced') report.forcedOfFree++;
  }
}

const times = {};
for (const set of ['sigma', 'elastic']) {
  const folder = options[set];
  if (!folder) {
    console.error(`left out: ${set}, no folder is given`);
    continue;
  }
  const { rules, ms } = judged(folder);
  times[set] = Math.round(ms);
  for (const { name, clauses } of tables)
    for (const row of clauses.filter((one) => one.set === set))
      score(reports.get(name), row, found(rules.get(row.rule) ?? [], row));
}
if (options.json) console.log(JSON.stringify({ tables: [...reports.values()], ms: times }, null, 2));
else {
  for (const report of reports.values()) {
    for (const one of report.differ)
      console.log(`${one.rule} ${one.clause}: ${one.truth} (${one.reason}), lint says ${one.lint} (${one.why})`);
    for (const one of report.missing) console.log(`${one}: not found`);
    const { table, agree, of, forcedOfFree } = report;
    console.log(`${table}: ${agree} of ${of} agree; ${forcedOfFree} free ones called forced`);
  }
  for (const [set, ms] of Object.entries(times)) console.log(`${set}: all rules read and judged in ${ms} ms`);
}
