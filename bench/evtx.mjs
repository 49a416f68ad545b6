// Question: how long does a whole log take as JSON, and a question for account events, beside other readers on the same file?
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const USAGE = 'usage: node bench/evtx.mjs LOG [ROUNDS], after npm run build';
const built = new URL('../dist/evtx.js', import.meta.url);
const own = fileURLToPath(import.meta.url);
/** Numbers of account events, of new processes, and of changes to the registry. */
const ACCOUNTS = [4720, 4722, 4723, 4724, 4725, 4726, 4731, 4732, 4733, 4734, 4735, 4738, 4781, 4688, 1, 12, 13];

const [first, second, third] = process.argv.slice(2);
if (first === '--act') await act(second, third);
else compare(first, Number(second ?? 3));

/** One process of ours: `dump` writes every event, `query` counts those that are wanted. */
async function act(what, path) {
  const { JsonSink, JsonWriter, openLog, Query } = await import(built.href);
  const file = openSync(path, 'r');
  const log = openLog({
    name: path,
    size: fstatSync(file).size,
    readAt: (offset, into) => readSync(file, into, 0, into.length, offset),
  });
  let count = 0;
  if (what === 'query') {
    const query = new Query({ eventIds: new Set(ACCOUNTS) });
    for (const chunk of log.chunks())
      for (const record of chunk.records) if (query.ask(chunk, record) !== 'no') count++;
  } else {
    const sink = new JsonSink();
    const writer = new JsonWriter();
    for (const chunk of log.chunks()) {
      for (const record of chunk.records) {
        writer.write(chunk, record, sink);
        sink.byte(10);
        count++;
      }
      if (sink.length < 1 << 20) continue;
      writeAll(sink);
    }
    writeAll(sink);
  }
  closeSync(file);
  console.error(`${count} events, ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
}

function writeAll(sink) {
  for (let from = 0; from < sink.length; ) from += writeSync(1, sink.bytes, from, sink.length - from);
  sink.length = 0;
}

function compare(path, rounds) {
  for (const needed of [path, fileURLToPath(built)]) {
    if (needed !== undefined && existsSync(needed)) continue;
    console.error(`${needed ?? 'no log'}: does not exist; ${USAGE}`);
    process.exit(2);
  }
  const sides = [
    ['winnow, all as JSON', process.execPath, [own, '--act', 'dump', path]],
    ['winnow, account events', process.execPath, [own, '--act', 'query', path]],
    ['evtx_dump, all as JSON', 'evtx_dump', ['-t', '1', '-o', 'jsonl', path]],
  ].filter(([, command]) => command !== 'evtx_dump' || spawnSync(command, ['--version']).status === 0);
  const times = new Map(sides.map(([name]) => [name, []]));
  const told = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const [name, command, args] of sides) {
      const out = openSync('/dev/null', 'w');
      const start = performance.now();
      const { stderr } = spawnSync(command, args, { stdio: ['ignore', out, 'pipe'] });
      times.get(name).push((performance.now() - start) / 1000);
      closeSync(out);
      told.set(name, String(stderr).trim().split('\n')[0].slice(0, 60));
    }
  }
  const best = (name) => Math.min(...times.get(name));
  console.log(
    `Node ${process.versions.node}; ${rounds} rounds in turn, whole processes, one thread each, seconds: best, all`,
  );
  for (const [name] of sides)
    console.log(
      `${name.padEnd(24)}${best(name).toFixed(2).padStart(8)}   ${times
        .get(name)
        .map((s) => s.toFixed(2))
        .join(' ')}   ${told.get(name)}`,
    );
  if (times.has('evtx_dump, all as JSON'))
    console.log(`as fast as evtx_dump by ${(best('evtx_dump, all as JSON') / best('winnow, all as JSON')).toFixed(2)}`);
  else console.log('evtx_dump (cargo install evtx) is not installed; nothing to compare with');
}
