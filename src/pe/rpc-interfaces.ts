// The RPC interfaces that an image serves: which functions are its routines, read from the tables that the MIDL compiler writes (rpcdcep.h, rpcndr.h).
import { guidAt } from '../bytes/guid.ts';
import type { ImageLayout } from './layout.ts';

/** DCE 8a885d04-1ceb-11c9-9fe8-08002b104860, and NDR64 71710533-beba-4937-8319-b5dbef9ccc36: the transfer syntaxes of Windows' own stubs. */
const TRANSFER_SYNTAXES: readonly (readonly number[])[] = [
  [0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60],
  [0x33, 0x05, 0x71, 0x71, 0xba, 0xbe, 0x37, 0x49, 0x83, 0x19, 0xb5, 0xdb, 0xef, 0x9c, 0xcc, 0x36],
];
/** Length of RPC_SERVER_INTERFACE, and the offsets of its fields, in images of 64 and of 32 bits. */
const LAYOUT_64 = { length: 0x60, syntax: 24, dispatch: 48, interpreter: 80 };
const LAYOUT_32 = { length: 0x44, syntax: 24, dispatch: 44, interpreter: 60 };
const MOST_ROUTINES = 1024;
const MOST_INTERFACES = 256;

/** The routines of the interfaces that the image serves: by RVA, the interface's UUID in lower case. */
export function readRpcRoutines(image: ImageLayout): ReadonlyMap<number, string> {
  const layout = image.is64 ? LAYOUT_64 : LAYOUT_32;
  const routines = new Map<number, string>();
  let interfaces = 0;
  // Sections may lie over one another: together no more is searched than the file is long.
  let left = image.bytes.length;
  for (const { virtualAddress } of image.sections) {
    const from = image.offsetOf(virtualAddress);
    if (from < 0 || left <= 0) continue;
    const bytes = image.bytes.subarray(from, from + Math.min(left, image.bytesAt(virtualAddress)));
    left -= bytes.length;
    for (const syntax of TRANSFER_SYNTAXES) {
      for (let at = indexOf(bytes, syntax, 0); at >= 0; at = indexOf(bytes, syntax, at + 1)) {
        const start = virtualAddress + at - layout.syntax;
        if (image.readU32(start) !== layout.length) continue;
        if (++interfaces > MOST_INTERFACES) return routines;
        readRoutines(image, start, layout, routines);
      }
    }
  }
  return routines;
}

/** The routines of the RPC_SERVER_INTERFACE at `start`: MIDL_SERVER_INFO's table, as long as the interface's RPC_DISPATCH_TABLE says. */
function readRoutines(image: ImageLayout, start: number, layout: typeof LAYOUT_64, into: Map<number, string>): void {
  const pointerAt = (rva: number): number => image.rvaOf(image.readPointer(rva));
  const dispatch = pointerAt(start + layout.dispatch);
  const server = pointerAt(start + layout.interpreter);
  const table = server < 0 ? -1 : pointerAt(server + image.pointerSize);
  if (dispatch < 0 || table < 0) return;
  const count = Math.min(MOST_ROUTINES, image.readU32(dispatch));
  const uuid = guidAt(image.bytes, image.offsetOf(start + 4)) ?? '';
  for (let i = 0; i < count; i++) {
    const rva = pointerAt(table + i * image.pointerSize);
    if (rva >= 0 && image.isCode(rva)) into.set(rva, uuid);
  }
}

function indexOf(bytes: Uint8Array, wanted: readonly number[], from: number): number {
  for (let at = bytes.indexOf(wanted[0], from); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
    let i = 1;
    while (i < wanted.length && bytes[at + i] === wanted[i]) i++;
    if (i === wanted.length) return at;
  }
  return -1;
}
