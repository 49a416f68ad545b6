// Archives that lie: cut headers, sizes that are none, names that climb out, links, gzip without end. What is whole is read, the rest told, and nothing is written.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BlobWriter, configure, TextReader, ZipWriter } from '@zip.js/zip.js';
import { afterAll, describe, expect, it } from 'vitest';
import { asObject, seededEvents } from '../../fixtures/logs/text-writer.ts';
import { historySources } from '../../src/cli/history-sources.ts';
import type { LogReport } from '../../src/logs/index.ts';

configure({ useWebWorkers: false });

const folder = mkdtempSync(join(tmpdir(), 'winnow-archives-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lines = seededEvents(4).map((event) => `${JSON.stringify(asObject('nxlog', event))}\n`);

/** What a history makes of a file: its events, what was told, and how much was counted as not readable. */
async function history(
  name: string,
  bytes: Uint8Array,
  most = Number.POSITIVE_INFINITY,
): Promise<{ events: number; texts: string; report: LogReport }> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const { sources, report } = historySources([path]);
  let events = 0;
  for (const source of sources)
    if (source.kind === 'events') for await (const _ of source.open()) if (++events >= most) break;
  rmSync(path);
  return {
    events,
    texts: report()
      .notes.map(({ about, text }) => `${about}: ${text}`)
      .join('\n'),
    report: report(),
  };
}

interface Member {
  readonly name: string;
  readonly content: string;
  readonly type?: string;
  /** As it stands in the header, where that is a lie. */
  readonly size?: string;
  readonly link?: string;
}

const encoder = new TextEncoder();

function tarMember({ name, content, type = '0', size, link = '' }: Member): Uint8Array {
  const data = encoder.encode(content);
  const bytes = new Uint8Array(512 + Math.ceil(data.length / 512) * 512);
  const put = (text: string, at: number): void => bytes.set(encoder.encode(text), at);
  put(name, 0);
  put('0000644\0', 100);
  put(size ?? `${data.length.toString(8).padStart(11, '0')}\0`, 124);
  put(' '.repeat(8), 148);
  put(type, 156);
  put(link, 157);
  put('ustar\x0000', 257);
  const sum = bytes.subarray(0, 512).reduce((all, byte) => all + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  bytes.set(data, 512);
  return bytes;
}

function tar(...members: readonly Member[]): Uint8Array {
  return Buffer.concat([...members.map(tarMember), new Uint8Array(1024)]);
}

const WHOLE: Member = { name: 'a.json', content: lines[0] + lines[1] };
const SECOND: Member = { name: 'b.json', content: lines[2] };

describe.each([
  ['tar', (bytes: Uint8Array) => bytes],
  ['tar.gz', (bytes: Uint8Array) => gzipSync(bytes)],
] as const)('a history in .%s', (ending, packed) => {
  const read = (bytes: Uint8Array) => history(`log.${ending}`, packed(bytes));

  it('is read member by member', async () => {
    expect(await read(tar(WHOLE, SECOND))).toMatchObject({ events: 3, texts: '' });
  });

  it.each([1, 100, 511])('whose second header is cut after %i bytes is told', async (length) => {
    const cut = Buffer.concat([tarMember(WHOLE), tarMember(SECOND).subarray(0, length)]);
    const { events, texts, report } = await read(cut);
    expect(events).toBe(2);
    expect(texts).toMatch(/ends within a header/);
    expect(report.refused + report.unreadable).toBeGreaterThan(0);
  });

  it.each([
    ['more than there is', '77777777777\0'],
    ['no number', '9zz\0'],
    ['a number of 88 bits', '\x80\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f'],
  ])('that says of a member %s is told, and takes no such memory', async (_, size) => {
    const started = performance.now();
    const { texts, report } = await read(tar(WHOLE, { ...SECOND, size }));
    expect(texts).not.toBe('');
    expect(report.refused + report.unreadable).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('with a long name that is longer than any, or not there, is told', async () => {
    const huge = await read(tar(WHOLE, { name: 'x', content: '', type: 'L', size: '77777777777\0' }, SECOND));
    expect(huge.texts).toMatch(/name of \d+ bytes/);
    const absent = tarMember({ name: 'x', content: 'n'.repeat(600), type: 'L' }).subarray(0, 512);
    expect((await read(Buffer.concat([tarMember(WHOLE), absent]))).texts).toMatch(/ends before a member's name does/);
  });

  it('with links reads what lies in it alone', async () => {
    const links: readonly Member[] = ['1', '2', '3', '4', '6'].map((type) => ({
      name: `link${type}.json`,
      content: '',
      type,
      link: '/etc/passwd',
    }));
    expect(await read(tar(...links, WHOLE))).toMatchObject({ events: 2 });
  });

  it('with names that climb out writes nothing', async () => {
    const before = readdirSync(join(folder, '..')).filter((name) => name.startsWith('climbed'));
    const names = ['../climbed.json', '/tmp/climbed.json', 'a/../../climbed.json', '..\\climbed.json'];
    const { events } = await read(tar(...names.map((name) => ({ name, content: lines[0] }))));
    expect(events).toBe(4);
    expect(readdirSync(folder)).toEqual([]);
    expect(readdirSync(join(folder, '..')).filter((name) => name.startsWith('climbed'))).toEqual(before);
  });
});

describe('a history in .zip', () => {
  async function zip(...names: readonly string[]): Promise<Uint8Array> {
    const writer = new ZipWriter(new BlobWriter());
    for (const name of names) await writer.add(name, new TextReader(lines.join('').repeat(50)));
    return new Uint8Array(await (await writer.close()).arrayBuffer());
  }

  it('cut anywhere is told', async () => {
    const whole = await zip('a.json');
    for (const length of [30, whole.length >> 1, whole.length - 1]) {
      const { texts, report } = await history('log.zip', whole.subarray(0, length));
      expect(texts, String(length)).not.toBe('');
      expect(report.refused + report.unreadable).toBeGreaterThan(0);
    }
  });

  /** Offsets in the central directory's header (APPNOTE.TXT, 4.3.12). */
  it.each([
    ['the packed size', 20],
    ['the size', 24],
    ['the place', 42],
  ])('whose directory lies about %s is told, and nobody waits for it', async (_what, offset) => {
    const lying = await zip('a.json', 'b.json');
    const directory = Buffer.from(lying).indexOf('PK\x01\x02', 0, 'latin1');
    new DataView(lying.buffer).setUint32(directory + offset, 0x7fffffff, true);
    const { texts, report } = await history('log.zip', lying);
    expect(texts).toMatch(/log\.zip!a\.json: it cannot be (?:unpacked|read)/);
    expect(report.refused + report.unreadable).toBeGreaterThan(0);
  });

  it('with names that climb out is read, and written nowhere', async () => {
    const { events } = await history('log.zip', await zip('../climbed.json', '/climbed2.json'));
    expect(events).toBe(2 * 50 * lines.length);
    expect(existsSync(join(folder, '..', 'climbed.json'))).toBe(false);
  });
});

describe('a history in .gz', () => {
  it('of a line without end keeps within bounds, and tells it', async () => {
    const bomb = gzipSync(Buffer.alloc(200 << 20, 0x20));
    expect(bomb.length).toBeLessThan(1 << 20);
    const before = process.memoryUsage().rss;
    const { events, texts } = await history('log.json.gz', Buffer.concat([gzipSync(lines[0]), bomb]));
    expect(events).toBeLessThanOrEqual(1);
    expect(texts.length).toBeLessThan(2000);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 << 20);
  });
});
