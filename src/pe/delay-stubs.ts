// Delay imports that no data directory names (GNU ld): found from the stubs that the slots of their address tables lead to.
import type { ImageLayout } from './layout.ts';
import { sectionStretches } from './section-stretches.ts';

/** Bytes of the code that calls the load helper, from its start to where it loads the descriptor's address. */
const CODE_LIMIT = 96;
/** Descriptors of one image. */
const MOST_DESCRIPTORS = 1024;

/**
 * RVAs of the delay import descriptors, ascending. A slot leads to a stub that loads the slot's own address and jumps to the code that all
 * the stubs of a module share; that loads the descriptor's address and calls the load helper.
 */
export function findDelayDescriptors(image: ImageLayout, pointers: Uint32Array): readonly number[] {
  const found = new Set<number>();
  for (const slot of pointers.length > 0 ? pointers : writableWords(image)) {
    const shared = sharedCode(image, slot, image.rvaOf(image.readPointer(slot)));
    const descriptor = shared < 0 ? -1 : descriptorIn(image, shared);
    if (descriptor < 0 || !holds(image, descriptor, slot)) continue;
    found.add(descriptor);
    if (found.size >= MOST_DESCRIPTORS) break;
  }
  return [...found].sort((a, b) => a - b);
}

/** RVAs of the words that may be written: where relocations are stripped, each may be a pointer. */
function* writableWords(image: ImageLayout): Generator<number> {
  for (const { begin, end } of sectionStretches(image, ({ virtualAddress }) => image.isWritable(virtualAddress)))
    for (let at = begin; at + image.pointerSize <= end; at += image.pointerSize) yield at;
}

/** Where the stub at `stub` jumps to when it is the one of `slot`; else -1. */
function sharedCode(image: ImageLayout, slot: number, stub: number): number {
  if (stub < 0) return -1;
  if (image.is64) {
    // lea rax, [slot]; jmp
    if (image.readU8(stub) !== 0x48 || image.readU16(stub + 1) !== 0x058d) return -1;
    return relative(image, stub + 3) === slot ? jump(image, stub + 7) : -1;
  }
  // mov eax, slot; jmp
  if (image.readU8(stub) !== 0xb8) return -1;
  return image.rvaOf(image.readU32(stub + 1)) === slot ? jump(image, stub + 5) : -1;
}

function jump(image: ImageLayout, at: number): number {
  const code = image.readU8(at);
  const target =
    code === 0xe9 ? relative(image, at + 1) : code === 0xeb ? at + 2 + ((image.readU8(at + 1) << 24) >> 24) : -1;
  return target >= 0 && image.isCode(target) ? target : -1;
}

/** The descriptor that the code loads before its first call: lea rcx, [descriptor] or push descriptor. */
function descriptorIn(image: ImageLayout, code: number): number {
  for (let at = code; at < code + CODE_LIMIT; at++) {
    if (image.is64) {
      if (image.readU8(at) === 0x48 && image.readU16(at + 1) === 0x0d8d) return relative(image, at + 3);
    } else if (image.readU8(at) === 0x68 && image.readU8(at + 5) === 0xe8) return image.rvaOf(image.readU32(at + 1));
  }
  return -1;
}

/** The address that a displacement of 4 bytes at `at`, the last of its instruction, leads to. */
function relative(image: ImageLayout, at: number): number {
  const displacement = image.readU32(at);
  return displacement < 0 ? -1 : at + 4 + (displacement | 0);
}

/** Whether what stands there may be a descriptor whose address table holds the slot. */
function holds(image: ImageLayout, descriptor: number, slot: number): boolean {
  const table = image.readU32(descriptor + 12);
  return (
    image.readU32(descriptor) === 1 &&
    image.readU32(descriptor + 4) > 0 &&
    table > 0 &&
    table <= slot &&
    (slot - table) % image.pointerSize === 0
  );
}
