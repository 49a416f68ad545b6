// Question: does a hunt find in sample logs what rsigma finds, rule by rule and record by record, and why where not?
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const USAGE =
  'usage: node bench/hunt-exact.mjs RULES LOGS..., after npm run build, with rsigma 0.23 (cargo install rsigma --features evtx)';
const library = fileURLToPath(new URL('../dist/logs.js', import.meta.url));
const ruleLibrary = fileURLToPath(new URL('../dist/rule.js', import.meta.url));
const program = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const [rules, ...logs] = process.argv.slice(2);
for (const needed of [rules, logs[0], library])
  if (needed === undefined || !existsSync(needed)) {
    console.error(`${needed ?? 'no log'}: does not exist; ${USAGE}`);
    process.exit(2);
  }
const { kindsOf, readSigma } = await import(ruleLibrary);
const { eventsOf, LogReport, openLogs, sourceOf, systemTitle } = await import(library);
const folder = mkdtempSync(join(tmpdir(), 'winnow-hunt-exact-'));
const flat = join(folder, 'flat.ndjson');
const OTHER = 'other causes';
const events = new Map();
const sources = new Map(
  files([rules], /\.ya?ml$/).flatMap((path) =>
    readSigma(readFileSync(path, 'utf8')).rules.map((rule) => [rule.id, kindsOf(rule.logSource)]),
  ),
);
try {
  await writeFlat();
  const ours = await found(process.execPath, [program, 'hunt', ...files(), '-r', rules, '-q', '--json'], (text) => {
    const pairs = new Map();
    for (const { rule, events: at } of JSON.parse(text).hits)
      pairs.set(`${rule.id} ${at[0].source}:${at[0].record}`, rule.title);
    return pairs;
  });
  const theirs = await rsigma();
  compare(ours, theirs);
} finally {
  rmSync(folder, { recursive: true });
}

function files(paths = logs, wanted = /\.evtx$/) {
  const all = (path) =>
    statSync(path).isDirectory()
      ? readdirSync(path)
          .sort()
          .flatMap((name) => all(join(path, name)))
      : [path];
  return paths.flatMap(all).filter((path) => wanted.test(path));
}

/** Each event as one flat object: its data, and System where the data has no such name. */
async function writeFlat() {
  const out = createWriteStream(flat);
  for (const path of files()) {
    const report = new LogReport();
    for await (const log of openLogs(sourceOf(readFileSync(path), path), report))
      for await (const { place, system, data } of eventsOf(log, report)) {
        const object = {};
        for (const [name, text] of data) {
          const key = name.replaceAll(' ', '');
          if (Object.hasOwn(object, key)) object[key] = [].concat(object[key], text);
          else object[key] = text;
        }
        for (const [name, text] of Object.entries(system)) {
          const title = systemTitle(name);
          if (!Object.hasOwn(object, title)) object[title] = name === 'eventId' ? Number(text) : text;
        }
        object.WinnowPlace = `${place.log}:${place.record}`;
        events.set(object.WinnowPlace, { channel: system.channel, eventId: system.eventId });
        if (!out.write(`${JSON.stringify(object)}\n`)) await new Promise((done) => out.once('drain', done));
      }
  }
  await new Promise((done) => out.end(done));
}

function found(command, args, read) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const parts = [];
    child.stdout.on('data', (part) => parts.push(part));
    child.on('error', reject);
    child.on('close', () => resolve(read(Buffer.concat(parts).toString())));
  });
}

async function rsigma() {
  const args = [
    'engine',
    'eval',
    '-r',
    rules,
    '-e',
    `@${flat}`,
    '-p',
    'sysmon',
    '-q',
    '--include-event',
    '--output-format',
    'ndjson',
  ];
  const child = spawn('rsigma', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const pairs = new Map();
  for await (const line of createInterface({ input: child.stdout })) {
    const hit = JSON.parse(line);
    pairs.set(`${hit.rule_id} ${hit.event.WinnowPlace}`, hit.rule_title);
  }
  return pairs;
}

function compare(ours, theirs) {
  const only = (one, other) => [...one].filter(([pair]) => !other.has(pair));
  const show = (title, pairs) => {
    const causes = new Map();
    const others = new Map();
    for (const [pair, rule] of pairs) {
      const place = pair.slice(pair.indexOf(' ') + 1);
      const event = events.get(place);
      const cause = causeOf(pair.slice(0, pair.indexOf(' ')), event);
      causes.set(cause, (causes.get(cause) ?? 0) + 1);
      if (cause !== OTHER) continue;
      const key = `${rule} | ${event?.channel} ${event?.eventId}`;
      others.set(key, [...(others.get(key) ?? []), place]);
    }
    console.log(`\n${title}: ${pairs.length}`);
    for (const [cause, count] of causes) console.log(`${count}\t${cause}`);
    for (const [key, places] of others) console.log(`  ${places.length}\t${key}\t${places[0]}`);
  };
  const both = [...ours.keys()].filter((pair) => theirs.has(pair)).length;
  console.log(
    `${events.size} events; pairs of rule and record: both ${both}, winnow ${ours.size}, rsigma ${theirs.size}`,
  );
  show('only winnow', only(ours, theirs));
  show('only rsigma', only(theirs, ours));
}

/** Why only one of the two has a pair, as far as the log source tells. */
function causeOf(rule, event) {
  const kinds = sources.get(rule);
  if (!Array.isArray(kinds)) return OTHER;
  const own = kinds.filter(({ channels }) => channels.length === 0 || channels.includes(event.channel));
  if (own.length === 0) return 'the channel is not one of the rule (rsigma asks for none)';
  if (!own.some(({ eventIds }) => !eventIds || eventIds.includes(Number(event.eventId))))
    return 'the event id is not one of the rule (rsigma has no id for the category)';
  if (event.channel === 'Security' && kinds.some(({ eventIds }) => eventIds?.includes(1)))
    return 'process creation of the Security log (the pipeline of rsigma has Sysmon only)';
  return OTHER;
}
