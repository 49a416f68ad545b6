// The version resource: VS_FIXEDFILEINFO and the strings of StringFileInfo ("VS_VERSIONINFO" in the Windows documentation).
import { Cursor, u16At, u32At } from '../bytes/cursor.ts';
import { utf16le } from '../bytes/text.ts';
import type { ImageLayout } from './layout.ts';
import { type ResourceTree, ResourceType, resourceBytes } from './resources.ts';

export interface VersionInfo {
  /** The FileVersion string as written, else the fixed one; null when there is neither. */
  readonly fileVersion: string | null;
  /** "a.b.c.d" of VS_FIXEDFILEINFO. */
  readonly fixed: string | null;
  /** CompanyName, OriginalFilename, ...: of the first language that has the key. */
  readonly strings: Readonly<Record<string, string>>;
}

const FIXED_SIGNATURE = 0xfeef04bd;
/** VS_VERSIONINFO > StringFileInfo > StringTable > String. */
const DEEPEST = 4;

/** One block of the structure: a header, a key, a value and blocks inside it. Offsets are of the resource's bytes. */
interface Block {
  readonly key: string;
  readonly value: number;
  /** As written: bytes of a binary value, characters of a text. */
  readonly valueLength: number;
  readonly end: number;
}

/** Reads the first RT_VERSION resource; undefined when there is none that can be read. */
export function readVersionInfo(image: ImageLayout, resources: ResourceTree | undefined): VersionInfo | undefined {
  const resource = resources?.resources.find(({ type }) => type === ResourceType.version);
  if (resource === undefined) return undefined;
  const bytes = resourceBytes(image, resource);
  const top = bytes === undefined ? undefined : blockAt(bytes, 0, bytes.length);
  if (bytes === undefined || top === undefined || top.key !== 'VS_VERSION_INFO') {
    image.note('version', `the version resource cannot be read (RVA 0x${resource.rva.toString(16)})`);
    return undefined;
  }
  let fixed: string | null = null;
  if (top.valueLength >= 16 && u32At(bytes, top.value) === FIXED_SIGNATURE) {
    const parts = [10, 8, 14, 12].map((at) => u16At(bytes, top.value + at));
    fixed = parts.includes(-1) ? null : parts.join('.');
  }
  const strings: Record<string, string> = Object.create(null);
  readStrings(bytes, align4(top.value + top.valueLength), top.end, 1, strings);
  return { fileVersion: strings.FileVersion?.trim() || fixed, fixed, strings };
}

/** Reads the blocks of [start, end) at a depth of the structure; each byte is read at most once a level. */
function readStrings(
  bytes: Uint8Array,
  start: number,
  end: number,
  depth: number,
  strings: Record<string, string>,
): void {
  for (let at = start; at + 6 <= end; ) {
    const block = blockAt(bytes, at, end);
    if (block === undefined) return;
    if (depth === DEEPEST - 1) {
      if (!(block.key in strings))
        strings[block.key] = utf16le(bytes, block.value, textEnd(bytes, block.value, block.end));
    } else if (depth > 1 || block.key === 'StringFileInfo') {
      readStrings(bytes, block.value, block.end, depth + 1, strings);
    }
    at = align4(block.end);
  }
}

function blockAt(bytes: Uint8Array, start: number, limit: number): Block | undefined {
  const cursor = new Cursor(bytes, start, limit);
  const length = cursor.u16();
  const valueLength = cursor.u16();
  cursor.u16();
  if (length < 6 || valueLength < 0) return undefined;
  const end = Math.min(start + length, limit);
  const keyEnd = textEnd(bytes, cursor.offset, end);
  const key = utf16le(bytes, cursor.offset, keyEnd);
  return { key, value: Math.min(end, align4(keyEnd + 2)), valueLength, end };
}

/** Offset of the UTF-16 zero at or behind `start`, at most `end`. */
function textEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at + 2 <= end && (bytes[at] | bytes[at + 1]) !== 0) at += 2;
  return Math.min(at, end);
}

function align4(offset: number): number {
  return (offset + 3) & ~3;
}
