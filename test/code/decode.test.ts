// The x86 decoder against iced-x86 on whole images and on random bytes, and by hand for each operation of the listing.
import { existsSync, readFileSync } from 'node:fs';
import { Decoder, Instruction } from 'iced-x86';
import { describe, expect, it } from 'vitest';
import { decodeOne, decodeRange } from '../../src/code/decode-x86.ts';
import { BASE_RVA, emptyListing, type Listing, NO_TARGET, NONE, Op, Operand } from '../../src/code/instruction.ts';
import { readImage } from '../../src/pe/image.ts';
import { Comparison, opName } from './iced-comparison.ts';

const PREBUILDS = new URL('../../node_modules/node-pty/prebuilds/win32-x64/', import.meta.url);
const MEMORY = Operand.memory;
const IMMEDIATE = Operand.immediate;
const ABSENT = Operand.none;

/** The first few instructions of which our decoder and iced say different things. */
interface Differences {
  compared: number;
  /** Bytes that iced takes for no instruction: we may still give a length. */
  invalid: number;
  readonly found: string[];
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

describe.each(['conpty/OpenConsole.exe', 'conpty/conpty.dll', 'winpty.dll', 'conpty.node'])(
  'functions of %s',
  (name) => {
    const file = new URL(name, PREBUILDS);
    const present = existsSync(file);
    if (!present) console.log(`skipped: node-pty has no ${name} here`);

    it.skipIf(!present)('are read as iced-x86 reads them', () => {
      const image = readImage(new Uint8Array(readFileSync(file)), name);
      const comparison = new Comparison(image.imageBase);
      const instruction = new Instruction();
      const listing = emptyListing();
      const result: Differences = { compared: 0, invalid: 0, found: [] };
      const { begin, end, count } = image.functions;
      for (let f = 0; f < count; f++) {
        const at = image.offsetOf(begin[f]);
        if (at < 0) continue;
        listing.count = 0;
        const size = end[f] - begin[f];
        decodeRange(image.bytes, at, at + size, begin[f], 64, image.imageBase, listing);
        const decoder = new Decoder(64, image.bytes.subarray(at, at + size), 0);
        decoder.ip = BigInt(image.imageBase + begin[f]);
        for (let i = 0; decoder.canDecode && i < listing.count; i++) {
          decoder.decodeOut(instruction);
          if (instruction.isInvalid) break;
          result.compared++;
          const difference = comparison.difference(instruction, listing, i);
          if (difference) result.found.push(`${listing.rva[i].toString(16)} ${instruction.toString()}: ${difference}`);
          if (result.found.length > 10) break;
        }
        decoder.free();
      }
      console.log(`${name}: ${result.compared} instructions of ${count} functions compared`);
      expect(result.found).toEqual([]);
      expect(result.compared).toBeGreaterThan(1000);
    });
  },
);

/** Numerical Recipes' generator, by bytes. */
function randomBytes(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
}

/** The first column in which the only entries of two listings differ. */
function differentColumn(one: Listing, other: Listing): string | undefined {
  if (one.count !== other.count) return 'count';
  for (const name in one) {
    const column = one[name as keyof Columns];
    if (typeof column !== 'number' && column[0] !== other[name as keyof Columns][0]) return name;
  }
  return undefined;
}

function compareRandom(mode: 32 | 64, seed: number, rounds: number, leads: readonly string[]): Differences {
  const imageBase = mode === 64 ? 0x1_4000_0000 : 0x40_0000;
  const next = randomBytes(seed);
  const comparison = new Comparison(imageBase);
  const listing = emptyListing();
  const instruction = new Instruction();
  // Room behind, so that decodeRange takes its short way.
  const whole = new Uint8Array(64);
  const bytes = whole.subarray(0, 24);
  const ranged = emptyListing();
  const starts = leads.map(fromHex);
  const result: Differences = { compared: 0, invalid: 0, found: [] };
  for (let k = 0; k < rounds && result.found.length < 10; k++) {
    for (let j = 0; j < bytes.length; j++) bytes[j] = next();
    if (starts.length > 0) bytes.set(starts[k % starts.length]);
    listing.count = 0;
    const length = decodeOne(bytes, 0, bytes.length, 0x1000, mode, imageBase, listing);
    if (length > 0) {
      ranged.count = 0;
      decodeRange(whole, 0, length, 0x1000, mode, imageBase, ranged);
      const column = differentColumn(listing, ranged);
      if (column) result.found.push(`${hex(bytes.subarray(0, length))}: decodeRange and decodeOne differ in ${column}`);
    }
    const decoder = new Decoder(mode, bytes, 0);
    decoder.ip = BigInt(imageBase + 0x1000);
    decoder.decodeOut(instruction);
    decoder.free();
    if (instruction.isInvalid) {
      result.invalid++;
      continue;
    }
    result.compared++;
    const difference = length === 0 ? 'no instruction' : comparison.difference(instruction, listing, 0);
    if (difference)
      result.found.push(`${hex(bytes.subarray(0, instruction.length))} ${instruction.toString()}: ${difference}`);
  }
  return result;
}

const LEADS = {
  'any bytes': [],
  'two-byte opcodes': ['0f', '660f', 'f30f', 'f20f', '480f', '66480f', 'f3480f', 'f2480f'],
  'three-byte opcodes': ['0f38', '660f38', 'f30f38', 'f20f38', '0f3a', '660f3a'],
  'VEX and XOP': ['c5', 'c5f9', 'c4e1', 'c4e2', 'c4e3', 'c461', 'c462', 'c463', '8fe8', '8fe9', '8fea'],
  EVEX: ['62f1fd08', '62f17c48', '62e17f28', '62f27d08', '62f3fd48', '62617e8a', '62f57e08'],
  'groups and prefixes': [
    '0fae',
    'f30fae',
    '660fae',
    '0fc7',
    'f30fc7',
    '0f01',
    'f30f01',
    '0f00',
    '0fba',
    '0f0f',
    'd9',
    'db',
    'df',
    '8f',
    '66',
    '67',
    'f2',
    'f3',
    'f0',
    '64',
    '65',
    '6667',
  ],
} as const;

describe.each([64, 32] as const)('%i-bit code', (mode) => {
  it.each(Object.entries(LEADS))('%s: iced-x86 says the same', (kind, leads) => {
    const result = compareRandom(mode, 0x5eed + mode, kind === 'any bytes' ? 150_000 : 40_000, leads);
    console.log(`${mode}-bit ${kind}: ${result.compared} compared, ${result.invalid} no instruction for iced`);
    expect(result.found).toEqual([]);
    expect(result.compared).toBeGreaterThan(500);
  });
});

type Columns = Partial<Record<Exclude<keyof Listing, 'count' | 'written'>, number>>;

const RVA = 0x1000;
const BASE_64 = 0x1_4000_0000;
const BASE_32 = 0x40_0000;

function decodeText(mode: 32 | 64, text: string): Listing {
  const bytes = fromHex(text.replaceAll(' ', ''));
  const listing = emptyListing(1);
  const length = decodeOne(bytes, 0, bytes.length, RVA, mode, mode === 64 ? BASE_64 : BASE_32, listing);
  expect(length).toBe(bytes.length);
  return listing;
}

/** By mode: what it is, its bytes, its columns. */
const CASES: readonly (readonly [32 | 64, string, string, number, Columns])[] = [
  [64, 'nop', '90', Op.nop, { dst: ABSENT, src: ABSENT, base: NONE, index: NONE, target: NO_TARGET, clobber: 255 }],
  [64, 'nop word [rax+rax]', '66 0f 1f 44 00 00', Op.nop, { dst: ABSENT, src: ABSENT }],
  [64, 'endbr64', 'f3 0f 1e fa', Op.nop, { dst: ABSENT }],
  [64, 'pause', 'f3 90', Op.nop, {}],
  [64, 'bt rax, rcx', '48 0f a3 c8', Op.nop, { dst: ABSENT }],
  [64, 'mov rax, [rcx+8]', '48 8b 41 08', Op.mov, { size: 8, dst: 0, src: MEMORY, base: 1, index: NONE, disp: 8 }],
  [
    64,
    'mov [r12+r13*4-80h], r14d',
    '47 89 74 ac 80',
    Op.mov,
    { size: 4, dst: MEMORY, src: 14, base: 12, index: 13, scale: 4, disp: -0x80 },
  ],
  [64, 'mov rax, [rip+10h]', '48 8b 05 10 00 00 00', Op.mov, { base: BASE_RVA, disp: RVA + 7 + 0x10 }],
  [
    64,
    'mov dword [rip+10h], 5',
    'c7 05 10 00 00 00 05 00 00 00',
    Op.mov,
    { dst: MEMORY, src: IMMEDIATE, base: BASE_RVA, disp: RVA + 10 + 0x10, immLo: 5 },
  ],
  [64, 'mov rax, gs:[60h]', '65 48 8b 04 25 60 00 00 00', Op.mov, { segment: 2, base: NONE, index: NONE, disp: 0x60 }],
  [
    64,
    'mov rax, gs:[30h] by a long address',
    '65 48 a1 30 00 00 00 00 00 00 00',
    Op.mov,
    { dst: 0, src: MEMORY, segment: 2, base: NONE, disp: 0x30 },
  ],
  [
    64,
    'mov al, [140002000h]',
    'a0 00 20 00 40 01 00 00 00',
    Op.mov,
    { size: 1, dst: 0, src: MEMORY, base: BASE_RVA, disp: 0x2000 },
  ],
  [
    64,
    'mov rcx, 123456789abcdef0h',
    '48 b9 f0 de bc 9a 78 56 34 12',
    Op.mov,
    { dst: 1, src: IMMEDIATE, hasImm: 1, immLo: 0x9abcdef0 | 0, immHi: 0x12345678 },
  ],
  [64, 'mov rcx, -1', '48 c7 c1 ff ff ff ff', Op.mov, { size: 8, immLo: -1, immHi: -1 }],
  [64, 'mov ecx, -1', 'b9 ff ff ff ff', Op.mov, { size: 4, immLo: -1, immHi: 0 }],
  [64, 'mov cl, 0ffh', 'b1 ff', Op.mov, { size: 1, dst: 1, immLo: 0xff, immHi: 0 }],
  [64, 'mov ah, 1', 'b4 01', Op.other, { dst: ABSENT, clobber: 0 }],
  [64, 'mov al, ch', '88 e8', Op.mov, { dst: 0, src: ABSENT, clobber: 255 }],
  [64, 'mov al, bpl', '40 88 e8', Op.mov, { dst: 0, src: 5 }],
  [64, 'mov fs:[0], eax', '64 89 04 25 00 00 00 00', Op.mov, { segment: 1, base: NONE }],
  [32, 'mov eax, [403000h]', 'a1 00 30 40 00', Op.mov, { size: 4, base: BASE_RVA, disp: 0x3000 }],
  [32, 'mov [403000h], ecx', '89 0d 00 30 40 00', Op.mov, { dst: MEMORY, src: 1, base: BASE_RVA, disp: 0x3000 }],
  [32, 'mov eax, [ecx*4+403000h]', '8b 04 8d 00 30 40 00', Op.mov, { base: NONE, index: 1, scale: 4, disp: 0x403000 }],
  [32, 'mov eax, fs:[30h]', '64 a1 30 00 00 00', Op.mov, { segment: 1, base: NONE, disp: 0x30 }],
  [32, 'mov eax, [bx+si+2] (16-bit address)', '67 8b 40 02', Op.mov, { base: 3, index: 6, scale: 1, disp: 2 }],
  [64, 'movups xmm1, [rdx]', '0f 10 0a', Op.mov, { size: 16, dst: 17, src: MEMORY, base: 2 }],
  [64, 'movaps [rsp+20h], xmm6', '0f 29 74 24 20', Op.mov, { size: 16, dst: MEMORY, src: 22, base: 4, disp: 0x20 }],
  [64, 'movdqu [rcx], xmm8', 'f3 44 0f 7f 01', Op.mov, { size: 16, dst: MEMORY, src: 24 }],
  [64, 'vmovdqu ymm0, [rdx]', 'c5 fe 6f 02', Op.mov, { size: 32, dst: 16, src: MEMORY }],
  [
    64,
    'vmovdqu64 [rcx+40h], zmm0',
    '62 f1 fe 48 7f 41 01',
    Op.mov,
    { size: 64, dst: MEMORY, src: 16, base: 1, disp: 0x40 },
  ],
  [64, 'vmovdqu64 zmm17, [rcx]', '62 e1 fe 48 6f 09', Op.mov, { size: 64, dst: ABSENT, src: MEMORY }],
  [64, 'vmovdqu32 zmm1{k1}, [rcx]', '62 f1 7e 49 6f 09', Op.other, { dst: 17, src: MEMORY }],
  [64, 'movd xmm0, ecx', '66 0f 6e c1', Op.mov, { size: 4, dst: 16, src: 1 }],
  [64, 'movq rax, xmm3', '66 48 0f 7e d8', Op.mov, { size: 8, dst: 0, src: 19 }],
  [64, 'movq xmm0, [rcx]', 'f3 0f 7e 01', Op.mov, { size: 8, dst: 16, src: MEMORY }],
  [64, 'movsd xmm0, [rcx]', 'f2 0f 10 01', Op.mov, { size: 8, dst: 16, src: MEMORY }],
  [64, 'movss [rcx], xmm0', 'f3 0f 11 01', Op.mov, { size: 4, dst: MEMORY, src: 16 }],
  [64, 'movss xmm0, xmm1', 'f3 0f 10 c1', Op.other, { dst: 16 }],
  [64, 'movlps [rcx], xmm0', '0f 13 01', Op.mov, { size: 8, dst: MEMORY, src: 16 }],
  [64, 'movhps [rcx], xmm0', '0f 17 01', Op.mov, { size: 8, dst: MEMORY, src: ABSENT }],
  [64, 'movhps xmm0, [rcx]', '0f 16 01', Op.pair, { dst: 16, src: MEMORY }],
  [64, 'punpcklqdq xmm0, xmm1', '66 0f 6c c1', Op.pair, { dst: 16, src: 17 }],
  [64, 'movzx eax, word [rcx]', '0f b7 01', Op.movzx, { size: 2, dstSize: 4, dst: 0, src: MEMORY }],
  [64, 'movzx eax, ah', '0f b6 c4', Op.movzx, { size: 1, dstSize: 4, dst: 0, src: ABSENT }],
  [64, 'movsxd rax, ecx', '48 63 c1', Op.movsx, { size: 4, dstSize: 8, dst: 0, src: 1 }],
  [64, 'cdqe', '48 98', Op.movsx, { size: 4, dstSize: 8, dst: 0, src: 0 }],
  [
    64,
    'lea rcx, [rip+100h]',
    '48 8d 0d 00 01 00 00',
    Op.lea,
    { size: 8, dst: 1, src: MEMORY, base: BASE_RVA, disp: RVA + 7 + 0x100 },
  ],
  [64, 'add eax, ecx', '01 c8', Op.add, { size: 4, dst: 0, src: 1 }],
  [64, 'sub rsp, 28h', '48 83 ec 28', Op.sub, { size: 8, dst: 4, src: IMMEDIATE, immLo: 0x28, immHi: 0 }],
  [64, 'and rsp, -16', '48 83 e4 f0', Op.and, { immLo: -16, immHi: -1 }],
  [64, 'or word [rcx], -1', '66 83 09 ff', Op.or, { size: 2, dst: MEMORY, immLo: 0xffff, immHi: 0 }],
  [64, 'xor ecx, ecx', '33 c9', Op.xor, { size: 4, dst: 1, src: 1 }],
  [32, 'inc eax', '40', Op.inc, { size: 4, dst: 0 }],
  [64, 'dec byte [rcx]', 'fe 09', Op.dec, { size: 1, dst: MEMORY }],
  [64, 'neg rdx', '48 f7 da', Op.neg, { dst: 2 }],
  [64, 'not ecx', 'f7 d1', Op.not, { dst: 1 }],
  [64, 'imul eax, [rcx], 18h', '6b 01 18', Op.imul, { dst: 0, src: MEMORY, hasImm: 1, immLo: 0x18 }],
  [64, 'imul rax, rcx', '48 0f af c1', Op.imul, { dst: 0, src: 1, hasImm: 0 }],
  [64, 'shl rax, 4', '48 c1 e0 04', Op.shl, { dst: 0, src: IMMEDIATE, immLo: 4 }],
  [64, 'shr eax, cl', 'd3 e8', Op.shr, { dst: 0, src: 1, hasImm: 0 }],
  [64, 'sar eax, 1', 'd1 f8', Op.sar, { dst: 0, src: IMMEDIATE, immLo: 1, hasImm: 1 }],
  [64, 'rol eax, 8', 'c1 c0 08', Op.other, { dst: 0 }],
  [64, 'xchg rax, r8', '49 90', Op.xchg, { size: 8, dst: 8, src: 0, clobber: 0 }],
  [64, 'xchg [rcx], edx', '87 11', Op.xchg, { dst: MEMORY, src: 2, clobber: 2 }],
  [64, 'xchg ah, bl', '86 dc', Op.other, { dst: 3, clobber: 0 }],
  [64, 'cmp byte [rcx+5], 80h', '80 79 05 80', Op.cmp, { size: 1, dst: MEMORY, src: IMMEDIATE, immLo: 0x80 }],
  [64, 'cmp ah, 5', '80 fc 05', Op.cmp, { dst: ABSENT, clobber: 255 }],
  [64, 'test rcx, rcx', '48 85 c9', Op.test, { dst: 1, src: 1 }],
  [64, 'test ecx, 100h', 'f7 c1 00 01 00 00', Op.test, { dst: 1, src: IMMEDIATE, immLo: 0x100 }],
  [64, 'cmovne rax, [rcx]', '48 0f 45 01', Op.cmov, { cc: 5, dst: 0, src: MEMORY }],
  [64, 'setle cl', '0f 9e c1', Op.setcc, { cc: 14, size: 1, dst: 1 }],
  [64, 'setle ch', '0f 9e c5', Op.other, { dst: ABSENT, clobber: 1 }],
  [64, 'push r12', '41 54', Op.push, { size: 8, src: 12 }],
  [64, 'push -1', '6a ff', Op.push, { size: 8, src: IMMEDIATE, immLo: -1, immHi: -1 }],
  [32, 'push 401000h', '68 00 10 40 00', Op.push, { size: 4, src: IMMEDIATE, immLo: 0x401000 }],
  [32, 'push [ebp+8]', 'ff 75 08', Op.push, { size: 4, src: MEMORY, base: 5, disp: 8 }],
  [64, 'pop rdi', '5f', Op.pop, { size: 8, dst: 7 }],
  [64, 'pop word [rcx]', '66 8f 01', Op.pop, { size: 2, dst: MEMORY }],
  [64, 'call +5', 'e8 05 00 00 00', Op.call, { size: 8, target: RVA + 10, src: ABSENT }],
  [32, 'call -1', 'e8 ff ff ff ff', Op.call, { size: 4, target: RVA + 4 }],
  [
    64,
    'call [rip+2000h]',
    'ff 15 00 20 00 00',
    Op.call,
    { size: 8, src: MEMORY, base: BASE_RVA, disp: RVA + 6 + 0x2000, target: NO_TARGET },
  ],
  [64, 'call [rip+2000h] with rex.w', '48 ff 15 00 20 00 00', Op.call, { size: 8, disp: RVA + 7 + 0x2000 }],
  [32, 'call [402000h]', 'ff 15 00 20 40 00', Op.call, { size: 4, src: MEMORY, base: BASE_RVA, disp: 0x2000 }],
  [64, 'call rax', 'ff d0', Op.call, { src: 0 }],
  [64, 'jmp -2', 'eb fe', Op.jmp, { target: RVA }],
  [64, 'bnd jmp +0', 'f2 e9 00 00 00 00', Op.jmp, { target: RVA + 6 }],
  [64, 'jmp [rax+rcx*8]', 'ff 24 c8', Op.jmp, { src: MEMORY, base: 0, index: 1, scale: 8, target: NO_TARGET }],
  [64, 'jne +10h', '75 10', Op.jcc, { cc: 5, target: RVA + 0x12 }],
  [64, 'jg long', '0f 8f 00 01 00 00', Op.jcc, { cc: 15, target: RVA + 0x106 }],
  [64, 'ret', 'c3', Op.ret, { hasImm: 0 }],
  [64, 'repz ret', 'f3 c3', Op.ret, { length: 2 }],
  [32, 'ret 0ch', 'c2 0c 00', Op.ret, { hasImm: 1, immLo: 12 }],
  [64, 'rep movsb', 'f3 a4', Op.movs, { rep: 1, size: 1 }],
  [64, 'movsq', '48 a5', Op.movs, { rep: 0, size: 8 }],
  [64, 'rep stosd', 'f3 ab', Op.stos, { rep: 1, size: 4 }],
  [64, 'leave', 'c9', Op.leave, { size: 8 }],
  [64, 'int3', 'cc', Op.trap, {}],
  [64, 'int 29h', 'cd 29', Op.trap, {}],
  [64, 'ud2', '0f 0b', Op.trap, {}],
  [64, 'hlt', 'f4', Op.trap, {}],
  [64, 'div rcx', '48 f7 f1', Op.muldiv, { src: 1 }],
  [64, 'cqo', '48 99', Op.muldiv, { src: ABSENT }],
  [64, 'rdtsc', '0f 31', Op.muldiv, {}],
  [64, 'rdtscp', '0f 01 f9', Op.muldiv, { clobber: 1 }],
  [64, 'repne scasb', 'f2 ae', Op.scan, { rep: 1, size: 1 }],
  [64, 'lodsb', 'ac', Op.scan, { rep: 0 }],
  [64, 'adc eax, ecx', '11 c8', Op.carry, { dst: 0, src: 1 }],
  [64, 'sbb eax, eax', '1b c0', Op.borrow, { dst: 0 }],
  [64, 'sbb eax, ecx', '1b c1', Op.carry, { dst: 0 }],
  [64, 'lock cmpxchg [rcx], edx', 'f0 0f b1 11', Op.exchange, { dst: MEMORY, src: 2, clobber: 0 }],
  [64, 'lock xadd [rcx], eax', 'f0 0f c1 01', Op.exchange, { dst: MEMORY, src: 0 }],
  [64, 'pxor xmm1, xmm1', '66 0f ef c9', Op.zero, { size: 16, dst: 17 }],
  [64, 'xorps xmm1, xmm2', '0f 57 ca', Op.other, { dst: 17 }],
  [64, 'vpxor xmm3, xmm1, xmm1', 'c5 f1 ef d9', Op.zero, { dst: 19 }],
  [64, 'vxorps ymm0, ymm0, ymm0', 'c5 fc 57 c0', Op.zero, { size: 32, dst: 16 }],
  [64, 'vpxor xmm1, xmm2, xmm1', 'c5 e9 ef c9', Op.other, { dst: 17 }],
  [64, 'loop -2', 'e2 fe', Op.loop, { target: RVA, clobber: 1 }],
  [64, 'jrcxz +0', 'e3 00', Op.loop, { target: RVA + 2, clobber: 255 }],
  [64, 'cpuid', '0f a2', Op.clobberAll, {}],
  [64, 'syscall', '0f 05', Op.clobberAll, {}],
  [64, 'int 2eh', 'cd 2e', Op.clobberAll, {}],
  [32, 'popad', '61', Op.clobberAll, { clobber: 4 }],
  [64, 'mulx rax, rcx, rdx', 'c4 e2 f3 f6 c2', Op.other, { dst: 0, clobber: 1 }],
  [64, 'fstp qword [rcx]', 'dd 19', Op.other, { dst: MEMORY, size: 8 }],
  [64, 'fnstsw ax', 'df e0', Op.other, { dst: 0, size: 2 }],
  [64, 'pmovmskb eax, xmm0', '66 0f d7 c0', Op.other, { dst: 0 }],
  [64, 'movd mm0, eax', '0f 6e c0', Op.other, { dst: ABSENT }],
];

describe('one instruction', () => {
  it.each(CASES)('%i-bit %s', (mode, _name, text, op, columns) => {
    const listing = decodeText(mode, text);
    expect(listing.count).toBe(1);
    expect(opName(listing.op[0])).toBe(opName(op));
    for (const [column, value] of Object.entries(columns)) {
      expect([column, (listing[column as keyof Columns] as Uint8Array)[0]]).toEqual([column, value]);
    }
  });

  it('has a case for every operation of the listing', () => {
    const covered = new Set(CASES.map(([, , , op]) => op));
    expect(Object.entries(Op).filter(([, op]) => !covered.has(op))).toEqual([]);
  });
});

describe('the ends of the bytes', () => {
  it('no instruction is read beyond the end, of the range or of the file', () => {
    for (const [mode, , text] of CASES) {
      const whole = fromHex(text.replaceAll(' ', ''));
      const padded = new Uint8Array(80);
      padded.set(whole);
      for (let end = 0; end < whole.length; end++) {
        for (const bytes of [whole.subarray(0, end), padded]) {
          const listing = emptyListing();
          // A prefix of an instruction may be one of its own, but never longer than it is.
          const length = decodeOne(bytes, 0, end, RVA, mode, BASE_64, listing);
          expect(length).toBeLessThanOrEqual(end);
          expect(listing.count).toBe(length === 0 ? 0 : 1);
        }
      }
      expect(decodeOne(whole, 0, 1 << 30, RVA, mode, BASE_64, emptyListing())).toBe(whole.length);
    }
  });

  it('offsets outside the file are no instruction', () => {
    const bytes = new Uint8Array(64).fill(0x90);
    for (const at of [-1, 64, 1 << 30, Number.NaN]) {
      expect(decodeOne(bytes, at, 64, RVA, 64, BASE_64, emptyListing())).toBe(0);
    }
  });

  it('more than fifteen bytes are no instruction', () => {
    const bytes = new Uint8Array(64).fill(0x66);
    expect(decodeOne(bytes, 0, 64, RVA, 64, BASE_64, emptyListing())).toBe(0);
    bytes[14] = 0x90;
    expect(decodeOne(bytes, 0, 64, RVA, 64, BASE_64, emptyListing())).toBe(15);
    bytes.set([0x66, 0xf7, 0x80, 0, 0, 0, 0, 1, 1], 8);
    expect(decodeOne(bytes, 0, 64, RVA, 64, BASE_64, emptyListing())).toBe(0);
  });

  it('a range goes on behind bytes that are no instruction', () => {
    const listing = emptyListing(1);
    decodeRange(fromHex('0690c30606'), 0, 99, RVA, 64, BASE_64, listing);
    expect(Array.from(listing.op.subarray(0, listing.count))).toEqual([Op.trap, Op.nop, Op.ret, Op.trap, Op.trap]);
    expect(Array.from(listing.rva.subarray(0, listing.count))).toEqual([0x1000, 0x1001, 0x1002, 0x1003, 0x1004]);
    expect(Array.from(listing.length.subarray(0, listing.count))).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('a listing', () => {
  it('grows, and keeps what is in it', () => {
    const bytes = new Uint8Array(1000).fill(0x50);
    const listing = emptyListing(1);
    decodeRange(bytes, 0, 1000, RVA, 32, BASE_32, listing);
    expect(listing.count).toBe(1000);
    expect(listing.rva.length).toBeGreaterThanOrEqual(1000);
    for (let i = 0; i < 1000; i++) {
      expect(listing.rva[i]).toBe(RVA + i);
      expect(listing.base[i]).toBe(NONE);
      expect(listing.clobber[i]).toBe(ABSENT);
    }
  });

  it('that is emptied and filled again holds nothing of before', () => {
    const full = fromHex(CASES.map(([, , text]) => text.replaceAll(' ', '')).join(''));
    const used = emptyListing();
    decodeRange(full, 0, full.length, RVA, 64, BASE_64, used);
    const nops = new Uint8Array(60).fill(0x90);
    const fresh = emptyListing();
    used.count = 0;
    decodeRange(nops, 0, 60, RVA, 64, BASE_64, used);
    decodeRange(nops, 0, 60, RVA, 64, BASE_64, fresh);
    for (const [name, column] of Object.entries(fresh)) {
      if (typeof column === 'number') continue;
      const again = used[name as keyof Columns] as Uint8Array;
      expect([name, ...again.subarray(0, 60)]).toEqual([name, ...column.subarray(0, 60)]);
    }
  });
});
