// Instructions as lines a person can read, in Intel's order of operands: slots by the import's name, strings beside the address that names them.
import { latin1, utf16le } from '../bytes/text.ts';
import type { PeImage } from '../pe/image.ts';
import { decodeOne, decodeRange } from './decode-x86.ts';
import { type Encoding, readEncoding } from './encoding.ts';
import { instructionAt, ModuleCode } from './functions.ts';
import { BASE_RVA, emptyListing, type Listing, NO_TARGET, NONE, Op, type OpCode, Operand } from './instruction.ts';
import { mnemonicOf } from './mnemonics.ts';

const NAMES_64 = ['rax', 'rcx', 'rdx', 'rbx', 'rsp', 'rbp', 'rsi', 'rdi'] as const;
const NAMES_8 = ['al', 'cl', 'dl', 'bl', 'spl', 'bpl', 'sil', 'dil'] as const;
const HIGH_8 = ['ah', 'ch', 'dh', 'bh'] as const;
const WIDTH: Readonly<Record<number, string>> = {
  1: 'byte',
  2: 'word',
  4: 'dword',
  8: 'qword',
  16: 'xmmword',
  32: 'ymmword',
  64: 'zmmword',
};

/** Characters of a string that a line quotes at most. */
const LONGEST_QUOTE = 60;
/** Bytes before an address in which a start is looked for where no function is known. */
const RESYNC_BYTES = 48;

/**
 * The instructions around an address, one line each: `before` ahead of it, its own, `after` behind it, all of one unbroken run of code.
 * `address` is a virtual address (ImageBase + RVA), and so is every address in the lines. None when it holds no code that can be read.
 */
export function instructionsAround(image: PeImage, address: number, before = 3, after = 2): readonly string[] {
  return new InstructionText(new ModuleCode(image)).around(address, before, after);
}

/** Writes the instructions of one module; what it looks up of the module is kept from one question to the next. */
export class InstructionText {
  readonly #code: ModuleCode;
  readonly #image: PeImage;
  #slots: ReadonlyMap<number, string> | undefined;
  #exports: ReadonlyMap<number, string> | undefined;

  constructor(code: ModuleCode) {
    this.#code = code;
    this.#image = code.image;
  }

  /** See {@link instructionsAround}. */
  around(address: number, before = 3, after = 2): readonly string[] {
    const rva = this.#image.rvaOf(address);
    if (rva < 0 || !this.#image.isCode(rva) || (this.#image.arch !== 'x64' && this.#image.arch !== 'x86')) return [];
    const found = this.#listingAt(rva, after);
    if (!found) return [];
    const { listing, at } = found;
    let first = at;
    while (first > 0 && at - first < before && endOf(listing, first - 1) === listing.rva[first]) first--;
    let last = at;
    while (last + 1 < listing.count && last - at < after && endOf(listing, last) === listing.rva[last + 1]) last++;
    return Array.from({ length: last - first + 1 }, (_, i) => this.line(listing, first + i));
  }

  /** One instruction with its address: `0x1400458cc  call [CreateProcessW]`. */
  line(listing: Listing, i: number): string {
    return `0x${(this.#image.imageBase + listing.rva[i]).toString(16)}  ${this.text(listing, i)}`;
  }

  /** One instruction without its address. What has no name in the tables shows its bytes: `db 0f 38 c8 c1`. */
  text(listing: Listing, i: number): string {
    const { bytes } = this.#image;
    const offset = this.#image.offsetOf(listing.rva[i]);
    const length = listing.length[i];
    const op = listing.op[i] as OpCode;
    const encoding = readEncoding(bytes.subarray(0, Math.min(bytes.length, offset + length)), offset, this.#code.mode);
    const mnemonic = mnemonicOf(op, encoding, listing.size[i], listing.cc[i]);
    if (mnemonic === undefined) {
      return `db ${Array.from(bytes.subarray(offset, offset + length), (byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
    }
    const { operands, comment } = this.#operands(listing, i, encoding);
    const line = operands.length > 0 ? `${mnemonic} ${operands.join(', ')}` : mnemonic;
    return comment === undefined ? line : `${line}  ; ${comment}`;
  }

  /** The decoded run that holds `rva`, and the number of its instruction there: the function's, else one that falls into step with it. */
  #listingAt(rva: number, after: number): { listing: Listing; at: number } | undefined {
    const start = this.#code.functionHolding(rva);
    const body = start < 0 ? undefined : this.#code.body(start);
    const inBody = body ? holding(body.listing, rva) : -1;
    if (body && inBody >= 0) return { listing: body.listing, at: inBody };
    const { bytes, imageBase } = this.#image;
    for (let back = RESYNC_BYTES; back >= 0; back--) {
      const from = this.#image.offsetOf(rva - back);
      if (from < 0 || !this.#image.isCode(rva - back)) continue;
      const listing = emptyListing();
      const to = Math.min(bytes.length, from + Math.min(back + 15 * (after + 1), this.#image.bytesAt(rva - back)));
      decodeRange(bytes, from, to, rva - back, this.#code.mode, imageBase, listing);
      const at = instructionAt(listing, rva);
      // Padding and bytes that are no instruction mean that the start was not one.
      if (at >= 0 && (back === 0 || isCleanRun(listing, at))) return { listing, at };
    }
    return undefined;
  }

  #operands(listing: Listing, i: number, encoding: Encoding): { operands: string[]; comment: string | undefined } {
    const op = listing.op[i];
    const target = listing.target[i];
    if (target !== NO_TARGET) {
      return { operands: [`0x${(this.#image.imageBase + target).toString(16)}`], comment: this.#codeName(target) };
    }
    if (op === Op.movs || op === Op.stos || op === Op.scan) return { operands: [], comment: undefined };
    if (op === Op.movsx && encoding.map === 1 && encoding.opcode === 0x98) return { operands: [], comment: undefined };
    const comments: string[] = [];
    const bare = listing.dst[i] >= Operand.memory && listing.src[i] >= Operand.memory;
    const one = (kind: number, size: number, field: 'dst' | 'src'): string | undefined => {
      if (kind === Operand.memory) {
        const shown = this.#memory(listing, i, comments);
        const named = bare && op !== Op.call && op !== Op.jmp && op !== Op.lea && !shown.startsWith('[[');
        const differs = op === Op.movzx || op === Op.movsx;
        return (named || differs) && WIDTH[size] ? `${WIDTH[size]} ${shown}` : shown;
      }
      if (kind === Operand.immediate) return this.#immediate(listing, i, comments);
      if (kind < 32) return registerName(kind, size, encoding.rex, this.#code.mode);
      return listing.size[i] === 1 ? highByte(encoding, field) : undefined;
    };
    const [dst, src] = [listing.dst[i], listing.src[i]];
    const operands = [one(dst, listing.dstSize[i], 'dst'), one(src, listing.size[i], 'src')].filter(
      (text) => text !== undefined,
    );
    // imul r, r, imm of one register is written with two operands; a vector zero of VEX has three.
    if (op === Op.imul && dst === src && listing.hasImm[i] === 1) operands.pop();
    if (op === Op.zero && encoding.vector !== 'none') operands.push(operands[0]);
    if (isShift(op) && src < 16) operands[operands.length - 1] = 'cl';
    if (listing.hasImm[i] === 1 && src !== Operand.immediate) operands.push(this.#immediate(listing, i, comments));
    return { operands, comment: comments[0] };
  }

  #memory(listing: Listing, i: number, comments: string[]): string {
    const base = listing.base[i];
    const disp = listing.disp[i];
    const segment = listing.segment[i] === 1 ? 'fs:' : listing.segment[i] === 2 ? 'gs:' : '';
    if (base === BASE_RVA) {
      const rva = disp >>> 0;
      const slot = this.#slotName(rva);
      if (slot !== undefined) return `${segment}[${slot}]`;
      const quoted = this.#quote(rva, listing.op[i] === Op.lea || listing.size[i] >= 4);
      if (quoted !== undefined) comments.push(quoted);
      else if (listing.op[i] === Op.lea && this.#image.isCode(rva)) {
        const name = this.#codeName(rva);
        if (name !== undefined) comments.push(name);
      }
      return `${segment}[0x${(this.#image.imageBase + rva).toString(16)}]`;
    }
    const bits = this.#code.mode === 64 ? 8 : 4;
    const parts: string[] = [];
    if (base !== NONE) parts.push(registerName(base, bits, true, this.#code.mode));
    if (listing.index[i] !== NONE) {
      const scale = listing.scale[i] > 1 ? `*${listing.scale[i]}` : '';
      parts.push(`${registerName(listing.index[i], bits, true, this.#code.mode)}${scale}`);
    }
    if (parts.length === 0) return `${segment}[0x${(disp >>> 0).toString(16)}]`;
    // A table's address beside an index is an address (x86), not a distance.
    const far = base === NONE && disp !== 0;
    const tail = disp === 0 ? '' : disp < 0 && !far ? `-0x${(-disp).toString(16)}` : `+0x${(disp >>> 0).toString(16)}`;
    return `${segment}[${parts.join('+')}${tail}]`;
  }

  #immediate(listing: Listing, i: number, comments: string[]): string {
    const size = listing.dstSize[i];
    const low = listing.immLo[i];
    const high = listing.immHi[i];
    const value = (BigInt(high) << 32n) | BigInt(low >>> 0);
    const unsigned = BigInt.asUintN(Math.min(64, Math.max(8, size * 8)), value);
    const address = Number(unsigned);
    if (size === this.#image.pointerSize && address >= this.#image.imageBase) {
      const rva = this.#image.rvaOf(address);
      const quoted =
        rva > 0 ? (this.#quote(rva, true) ?? (this.#image.isCode(rva) ? this.#codeName(rva) : undefined)) : undefined;
      if (quoted !== undefined) comments.push(quoted);
    }
    const signed = BigInt.asIntN(Math.min(64, Math.max(8, size * 8)), value);
    // Small negative numbers read better with their sign where the instruction counts (add rsp, -0x28).
    const op = listing.op[i];
    const counts = op === Op.add || op === Op.sub || op === Op.cmp || op === Op.imul;
    if (counts && signed < 0n && signed > -0x10000n) return `-0x${(-signed).toString(16)}`;
    return `0x${unsigned.toString(16)}`;
  }

  #slotName(rva: number): string | undefined {
    this.#slots ??= new Map(
      [...this.#image.imports, ...this.#image.delayImports].map((symbol) => [
        symbol.slot,
        escaped(symbol.name ?? `${symbol.module.replace(/\.dll$/i, '')}#${symbol.ordinal}`),
      ]),
    );
    return this.#slots.get(rva);
  }

  /** The export that starts at `rva`, or the import behind a jump there. */
  #codeName(rva: number): string | undefined {
    this.#exports ??= new Map(
      (this.#image.exports?.symbols ?? []).flatMap((symbol) =>
        symbol.name === undefined || symbol.forwarder !== undefined
          ? []
          : [[symbol.rva, escaped(symbol.name)] as const],
      ),
    );
    const name = this.#exports.get(rva);
    if (name !== undefined) return name;
    const offset = this.#image.offsetOf(rva);
    if (offset < 0 || !this.#image.isCode(rva)) return undefined;
    const { bytes, imageBase } = this.#image;
    const one = emptyListing(1);
    decodeOne(bytes, offset, bytes.length, rva, this.#code.mode, imageBase, one);
    const isThunk = one.count === 1 && one.op[0] === Op.jmp && one.base[0] === BASE_RVA;
    return isThunk ? this.#slotName(one.disp[0] >>> 0) : undefined;
  }

  /** The text at `rva` in quotes: zero-terminated, printable, two characters or more (`loose`), else four. Undefined when there is none. */
  #quote(rva: number, loose: boolean): string | undefined {
    const { bytes } = this.#image;
    const offset = this.#image.offsetOf(rva);
    if (offset < 0 || this.#image.isCode(rva)) return undefined;
    const end = Math.min(bytes.length, offset + Math.min(this.#image.bytesAt(rva), 2 * (LONGEST_QUOTE + 1)));
    const least = loose ? 2 : 4;
    let units = 0;
    while (offset + 2 * units + 1 < end && isWideText(bytes, offset + 2 * units)) units++;
    if (units >= least) return quoted(utf16le(bytes, offset, offset + 2 * units), units);
    let characters = 0;
    while (offset + characters < end && isText(bytes[offset + characters])) characters++;
    if (characters < Math.max(least, 3)) return undefined;
    return quoted(latin1(bytes, offset, offset + characters), characters);
  }
}

function endOf(listing: Listing, i: number): number {
  return listing.rva[i] + listing.length[i];
}

/** The number of the instruction whose bytes hold `rva`, or -1. */
function holding(listing: Listing, rva: number): number {
  for (let back = 0; back < 15; back++) {
    const i = instructionAt(listing, rva - back);
    if (i >= 0) return endOf(listing, i) > rva ? i : -1;
  }
  return -1;
}

/** Whether the instructions before `at` are ones that code runs through: no byte that is none, no padding. */
function isCleanRun(listing: Listing, at: number): boolean {
  for (let i = 0; i < at; i++) if (listing.op[i] === Op.trap) return false;
  return true;
}

function isShift(op: number): boolean {
  return op === Op.shl || op === Op.shr || op === Op.sar;
}

function registerName(number: number, size: number, rex: boolean, mode: 32 | 64): string {
  if (number >= Operand.xmm) return `${size === 64 ? 'zmm' : size === 32 ? 'ymm' : 'xmm'}${number - Operand.xmm}`;
  if (number >= 8) return `r${number}${size === 1 ? 'b' : size === 2 ? 'w' : size === 4 ? 'd' : ''}`;
  if (size === 1) return number < 4 || rex ? NAMES_8[number] : HIGH_8[number - 4];
  const name = NAMES_64[number];
  return size === 2 ? name.slice(1) : size === 4 || mode === 32 ? `e${name.slice(1)}` : name;
}

/** ah, ch, dh or bh, which the listing does not name: from the ModRM byte, or from the opcode of mov r8, imm8. */
function highByte({ map, opcode, modrm, rex, vector }: Encoding, field: 'dst' | 'src'): string | undefined {
  if (rex || vector !== 'none') return undefined;
  if (map === 1 && opcode >= 0xb4 && opcode <= 0xb7) return field === 'dst' ? HIGH_8[opcode - 0xb4] : undefined;
  const isPair = map === 1 && ((opcode < 0x40 && (opcode & 4) === 0) || [0x84, 0x86, 0x88, 0x8a].includes(opcode));
  const isOne =
    (map === 1 && [0x80, 0xc0, 0xc6, 0xd0, 0xd2, 0xf6, 0xfe].includes(opcode)) ||
    (map === 2 && opcode >= 0x90 && opcode < 0xa0);
  const isExtension = map === 2 && (opcode === 0xb6 || opcode === 0xbe);
  const fromReg = (isPair && ((opcode & 2) !== 0) === (field === 'dst')) || false;
  const number = fromReg ? (modrm >> 3) & 7 : modrm >= 0xc0 ? modrm & 7 : -1;
  if (!(isPair || (isOne && field === 'dst') || (isExtension && field === 'src')) || number < 4) return undefined;
  return HIGH_8[number - 4];
}

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13;
}

function isWideText(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === 0 && isText(bytes[at]);
}

function quoted(text: string, length: number): string {
  const shown = `"${escaped(text.slice(0, LONGEST_QUOTE))}"`;
  return length > LONGEST_QUOTE ? `${shown}...` : shown;
}

/** Backslash, quote and control characters as in a C literal, so that the line stays one line. */
function escaped(text: string): string {
  return text.replace(/[\\"\p{Cc}]/gu, (character) => {
    const short = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
    return short ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
