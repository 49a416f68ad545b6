// What evtx.mjs and evtx-growth.mjs measure, each as a process of its own: node evtx-acts.mjs ACT LOG [FOLDER].
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const built = new URL('../dist/evtx.js', import.meta.url);
/** Numbers of the events that tell of accounts, by channel: those that do by themselves, and those that a field decides of. */
const SECURITY = [
  4720, 4722, 4723, 4724, 4725, 4726, 4738, 4781, 4731, 4732, 4733, 4734, 4735, 4727, 4728, 4729, 4730, 4737, 4754,
];
const MEMBERS = [4755, 4756, 4757, 4758];
const PROCESS = 4688;
const SYSMON_PROCESS = 1;
const SYSMON_REGISTRY = [12, 13];
const WANTED = [...SECURITY, ...MEMBERS, PROCESS, SYSMON_PROCESS, ...SYSMON_REGISTRY];
const WRITE_AT = 1 << 20;

const [act, path, folder] = process.argv.slice(2);
const acts = { dump, query, questions, 'ts-evtx': tsEvtx };
const count = await acts[act]();
console.error(`${count} events, ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);

/** Every event as a line of JSON. */
async function dump() {
  const { JsonSink, JsonWriter } = await import(built.href);
  const sink = new JsonSink();
  const writer = new JsonWriter();
  let written = 0;
  await eachChunk((chunk) => {
    for (const record of chunk.records) {
      writer.write(chunk, record, sink);
      sink.byte(10);
      written++;
    }
    if (sink.length >= WRITE_AT) writeAll(sink);
  });
  writeAll(sink);
  return written;
}

/** Which events have a number that tells of accounts, of any channel. */
async function query() {
  const { Query } = await import(built.href);
  const wanted = new Query({ eventIds: new Set(WANTED) });
  let found = 0;
  await eachChunk((chunk) => {
    for (const record of chunk.records) if (wanted.ask(chunk, record) !== 'no') found++;
  });
  return found;
}

/** Which events tell of accounts: by channel and number, and new processes of net.exe, and changes to the SAM, by their fields. */
async function questions() {
  const { FieldReader, Query } = await import(built.href);
  const any = new Query({ eventIds: new Set(WANTED) });
  const security = new Query({ channels: ['Security'], eventIds: new Set([...SECURITY, ...MEMBERS]) });
  const registry = new Query({
    channels: ['Microsoft-Windows-Sysmon/Operational'],
    eventIds: new Set(SYSMON_REGISTRY),
  });
  const programs = ['NewProcessName', 'Image'];
  const fields = new FieldReader();
  const processes = [
    new Query({ channels: ['Security'], eventIds: new Set([PROCESS]) }),
    new Query({ channels: ['Microsoft-Windows-Sysmon/Operational'], eventIds: new Set([SYSMON_PROCESS]) }),
  ];
  let found = 0;
  await eachChunk((chunk) => {
    for (const record of chunk.records) {
      if (any.ask(chunk, record) === 'no') continue;
      if (security.ask(chunk, record) !== 'no') found++;
      else if (registry.ask(chunk, record) !== 'no') {
        if (/\\SAM\\/i.test(fields.set(chunk, record).text('TargetObject') ?? '')) found++;
      } else {
        const which = processes.findIndex((query) => query.ask(chunk, record) !== 'no');
        if (which >= 0 && /\\net1?\.exe$/i.test(fields.set(chunk, record).text(programs[which]) ?? '')) found++;
      }
    }
  });
  return found;
}

async function eachChunk(take) {
  const { openLog } = await import(built.href);
  const file = openSync(path, 'r');
  const log = openLog({
    name: path,
    size: fstatSync(file).size,
    readAt: (offset, into) => readSync(file, into, 0, into.length, offset),
  });
  for (const chunk of log.chunks()) take(chunk);
  closeSync(file);
}

function writeAll(sink) {
  for (let from = 0; from < sink.length; ) from += writeSync(1, sink.bytes, from, sink.length - from);
  sink.length = 0;
}

/** Every event of @ts-evtx/core as a line of JSON. */
async function tsEvtx() {
  const { evtx } = await import(pathToFileURL(`${folder}/dist/index.js`).href);
  let written = 0;
  let lines = '';
  await evtx(path).forEach((event) => {
    lines += `${JSON.stringify(event, (_, value) => (typeof value === 'bigint' ? value.toString() : value))}\n`;
    written++;
    if (lines.length < WRITE_AT) return;
    writeSync(1, lines);
    lines = '';
  });
  writeSync(1, lines);
  return written;
}
