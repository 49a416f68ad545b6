// Question: does every record of every log under some folders read as evtx_dump reads it, as JSON and as XML, byte for byte?
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const USAGE = 'usage: node bench/evtx-exact.mjs FOLDER... [--peer PATH_OF_EVTX_DUMP], after npm run build';
const built = new URL('../dist/evtx.js', import.meta.url);
const MOST_OUTPUT = 2 ** 31 - 1;
const DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n';
/** Ways to write the same; texts that are equal once they are written in one of them differ by it alone. */
const SPELLINGS = [
  ['a quotation mark in a text, as &quot; or as it is', (text) => text.replaceAll('&quot;', '"')],
  ['an apostrophe in a text, as &apos; or as it is', (text) => text.replaceAll('&apos;', "'")],
  ['an empty element, as one tag or two', (text) => text.replace(/<([^\s/>]+)([^<>]*)><\/\1>/g, '<$1$2/>')],
  ['white space alone', (text) => text.replace(/\s+/g, '')],
];

const { folders, peer } = argumentsOf(process.argv.slice(2));
const version = spawnSync(peer, ['--version']);
if (folders.length === 0) stop(USAGE);
if (!existsSync(fileURLToPath(built))) stop(`${fileURLToPath(built)}: does not exist; ${USAGE}`);
for (const folder of folders) if (!existsSync(folder)) stop(`${folder}: does not exist; ${USAGE}`);
if (version.status !== 0) stop(`${peer} does not run (cargo install evtx); nothing to compare with`);
const { BinXmlError, JsonSink, JsonWriter, openLog, readTree, xmlOf } = await import(built.href);

const files = folders.flatMap(logsIn);
const refusals = { 'refused by both': [], 'refused by winnow alone': [], 'refused by evtx_dump alone': [] };
/** What is wrong, and the files and records it is said of. */
const unread = new Map();
const forms = [
  { name: 'JSON', own: jsonLines, peer: peerJson, equal: 0, ours: 0, theirs: 0, reordered: [], causes: new Map() },
  { name: 'XML', own: xmlTexts, peer: peerXml, equal: 0, ours: 0, theirs: 0, reordered: [], causes: new Map() },
];
for (const path of files) {
  for (const form of forms) {
    const theirs = form.peer(path);
    const ours = form.own(path, form.name === 'JSON');
    compare(form, path, ours ?? [], theirs.texts);
    if (form.name !== 'JSON') continue;
    if (ours && theirs.opened) continue;
    const by = ours ? 'evtx_dump alone' : theirs.opened ? 'winnow alone' : 'both';
    refusals[`refused by ${by}`].push(basename(path));
  }
}
print();

/** Takes apart what differs; texts that are equal are matched wherever they stand. */
function compare(form, path, ours, theirs) {
  form.ours += ours.length;
  form.theirs += theirs.length;
  if (ours.length === theirs.length && ours.every((text, i) => text === theirs[i])) {
    form.equal += ours.length;
    return;
  }
  const [left, right] = withoutEqual(ours, theirs);
  form.equal += ours.length - left.length;
  if (left.length === 0 && right.length === 0) form.reordered.push(basename(path));
  const counterparts = new Map();
  for (const text of right) counterparts.set(idOf(text), [...(counterparts.get(idOf(text)) ?? []), text]);
  for (const text of left) {
    const other = counterparts.get(idOf(text))?.shift();
    note(form, other === undefined ? 'a record that winnow alone reads' : causeOf(text, other), path, text, other);
  }
  for (const rest of counterparts.values())
    for (const text of rest) note(form, 'a record that evtx_dump alone reads', path, undefined, text);
}

function withoutEqual(ours, theirs) {
  const counts = new Map();
  for (const text of theirs) counts.set(text, (counts.get(text) ?? 0) + 1);
  const left = ours.filter((text) => !take(counts, text));
  const right = theirs.filter((text) => take(counts, text));
  return [left, right];
}

/** Whether `counts` had one more of the text; it has one fewer now. */
function take(counts, text) {
  const count = counts.get(text) ?? 0;
  if (count > 0) counts.set(text, count - 1);
  return count > 0;
}

function idOf(text) {
  return /EventRecordID(?:":|[^>]*>)(\d+)/.exec(text)?.[1] ?? '?';
}

function causeOf(ours, theirs) {
  for (const [cause, spelled] of SPELLINGS) if (spelled(ours) === spelled(theirs)) return cause;
  return 'another';
}

function note(form, cause, path, ours, theirs) {
  const known = form.causes.get(cause);
  if (known) {
    known.count++;
    return;
  }
  const at = ours === undefined || theirs === undefined ? 0 : firstDifference(ours, theirs);
  const cut = (text) => text?.slice(Math.max(0, at - 60), at + 60) ?? '(none)';
  form.causes.set(cause, {
    count: 1,
    example: `${basename(path)}, record ${idOf(ours ?? theirs)}\n      winnow     ${cut(ours)}\n      evtx_dump  ${cut(theirs)}`,
  });
}

function firstDifference(one, other) {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

/** Every record that can be read of a log, by `write`; undefined where it is none. */
function readLog(path, tells, write) {
  const file = openSync(path, 'r');
  const texts = [];
  const tell = (what, record) => {
    if (!tells) return;
    const known = unread.get(what);
    if (known) known.count++;
    else unread.set(what, { count: 1, example: `${basename(path)}${record}` });
  };
  try {
    const log = openLog({
      name: basename(path),
      size: fstatSync(file).size,
      readAt: (offset, into) => readSync(file, into, 0, into.length, offset),
    });
    for (const chunk of log.chunks()) {
      for (const record of chunk.records) {
        try {
          texts.push(write(chunk, record));
        } catch (error) {
          if (!(error instanceof BinXmlError)) throw error;
          tell(`record: ${shape(error.message)}`, `, chunk ${chunk.number}, record ${chunk.recordId(record)}`);
        }
      }
    }
    for (const { text } of log.notes) tell(`note: ${shape(text)}`, '');
    return texts;
  } catch (error) {
    if (error?.name !== 'FormatError') throw error;
    tell(`file: ${shape(error.message)}`, '');
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** A message without its numbers. */
function shape(message) {
  return message.replace(/0x[0-9a-f]+/g, '0x…').replace(/\d+/g, '…');
}

function jsonLines(path, tells) {
  const sink = new JsonSink();
  const writer = new JsonWriter();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return readLog(path, tells, (chunk, record) => {
    sink.length = 0;
    writer.write(chunk, record, sink);
    return decoder.decode(sink.bytes.subarray(0, sink.length));
  });
}

function xmlTexts(path, tells) {
  return readLog(path, tells, (chunk, record) =>
    readTree(chunk, record)
      .map((one) => (one.kind === 'element' ? xmlOf(one.element) : ''))
      .join(''),
  );
}

function peerJson(path) {
  const { output, opened } = runPeer(['-t', '1', '-o', 'jsonl', path]);
  return { texts: output.split('\n').slice(0, -1), opened };
}

function peerXml(path) {
  const { output, opened } = runPeer(['-t', '1', '-o', 'xml', '--no-indent', '--dont-show-record-number', path]);
  return {
    texts: output
      .split(DECLARATION)
      .slice(1)
      .map((text) => text.replace(/\n+$/, '')),
    opened,
  };
}

function runPeer(args) {
  const { stdout, status, error } = spawnSync(peer, args, { maxBuffer: MOST_OUTPUT });
  if (error) throw error;
  return { output: stdout.toString('utf8'), opened: status === 0 };
}

function logsIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith('.evtx'))
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort();
}

function print() {
  console.log(`${files.length} files, ${String(version.stdout).trim()}, Node ${process.versions.node}`);
  for (const [how, names] of Object.entries(refusals)) console.log(`  ${how}: ${listed(names)}`);
  for (const { name, ours, theirs, equal, reordered, causes } of forms) {
    const most = Math.max(ours, theirs);
    const differing = most - equal;
    console.log(
      `${name}: ${ours} records of winnow, ${theirs} of evtx_dump; ${equal} equal byte for byte, ${differing} not (${((100 * differing) / Math.max(1, most)).toFixed(3)} %), ${causes.size} causes; the same in another order: ${listed(reordered)}`,
    );
    for (const [cause, { count, example }] of [...causes].sort(([, a], [, b]) => b.count - a.count))
      console.log(`  ${count}  ${cause}: ${example}`);
  }
  console.log('What winnow says is wrong with them:');
  for (const [what, { count, example }] of [...unread].sort(([, a], [, b]) => b.count - a.count))
    console.log(`  ${count}  ${what} (${example})`);
}

/** How many files, and the first of them. */
function listed(names) {
  return `${names.length} files${names.length > 0 ? ` (${names.slice(0, 5).join(', ')})` : ''}`;
}

function argumentsOf(given) {
  const at = given.indexOf('--peer');
  if (at >= 0 && given[at + 1] === undefined) stop(USAGE);
  const path = at >= 0 ? given.splice(at, 2)[1] : 'evtx_dump';
  return { folders: given, peer: path };
}

function stop(message) {
  console.error(message);
  process.exit(2);
}
