// The readable lines of instructions: mnemonics and registers as iced-x86 writes them, imports by name, strings in quotes.
import { existsSync, readFileSync } from 'node:fs';
import { Decoder, Formatter, FormatterSyntax } from 'iced-x86';
import { describe, expect, it } from 'vitest';
import { InstructionText, instructionsAround } from '../../src/code/format-instruction.ts';
import { ModuleCode } from '../../src/code/functions.ts';
import { BASE_RVA, Op } from '../../src/code/instruction.ts';
import { readImage } from '../../src/pe/image.ts';
import { buildPe, Content } from '../pe/build-pe.ts';

const FILE = new URL('../../node_modules/node-pty/prebuilds/win32-x64/conpty/OpenConsole.exe', import.meta.url);
const present = existsSync(FILE);
if (!present)
  console.log('skipped: node-pty has no OpenConsole.exe here, so instructions are not compared with iced-x86');

/** Registers in the order they stand in, segment prefixes and names in brackets that are no register left out. */
function registersIn(text: string): string {
  const words = text
    .split('  ;')[0]
    .match(/\b(?:[re]?(?:ax|bx|cx|dx|si|di|sp|bp)|[abcd][lh]|(?:si|di|sp|bp)l|r\d+[bwd]?|[xyz]mm\d+)\b/g);
  return (words ?? []).join(' ');
}

/** Implied operands that iced writes and we do not. */
const IMPLIED = /^(?:(?:rep|repe|repne) )?(?:movs|stos|scas|cmps|lods|ins|outs)|^(?:lock )?cmpxchg|^cpuid/;

describe.skipIf(!present)('on OpenConsole.exe', () => {
  const image = readImage(new Uint8Array(present ? readFileSync(FILE) : []), 'OpenConsole.exe');
  const code = new ModuleCode(image);
  const text = new InstructionText(code);

  it('reads as iced-x86 writes it', () => {
    const formatter = new Formatter(FormatterSyntax.Intel);
    const different = new Map<string, number>();
    let compared = 0;
    let bytesOnly = 0;
    const { begin, owner, count } = image.functions;
    for (let f = 0; f < count; f++) {
      if (owner[f] !== begin[f]) continue;
      const body = code.body(begin[f]);
      if (!body) continue;
      const { listing } = body;
      for (let i = 0; i < listing.count; i++) {
        const offset = image.offsetOf(listing.rva[i]);
        const decoder = new Decoder(64, image.bytes.subarray(offset, offset + listing.length[i]), 0);
        decoder.ip = BigInt(image.imageBase + listing.rva[i]);
        const instruction = decoder.decode();
        const theirs = formatter.format(instruction).replace(/^ret far/, 'retf');
        instruction.free();
        decoder.free();
        if (theirs === '(bad)') continue;
        if (listing.op[i] === Op.nop && theirs === 'xchg ax,ax') continue;
        const ours = text.text(listing, i);
        compared++;
        if (ours.startsWith('db ')) {
          bytesOnly++;
          if (listing.op[i] !== Op.other && listing.op[i] !== Op.nop) different.set(`no name: ${theirs}`, 1);
          continue;
        }
        const named = (line: string) => line.match(/^(?:(?:lock|rep|repe|repne|notrack|bnd) )*\S+/)![0];
        const known = listing.op[i] !== Op.other && listing.op[i] !== Op.nop && !IMPLIED.test(theirs);
        if (
          named(ours) !== named(theirs).replace(/^(?:notrack|bnd) /, '') ||
          (known && registersIn(ours) !== registersIn(theirs))
        ) {
          different.set(`${ours} | ${theirs}`, (different.get(`${ours} | ${theirs}`) ?? 0) + 1);
        }
      }
    }
    formatter.free();
    console.log(`OpenConsole.exe: ${compared} lines compared, ${bytesOnly} of them bytes only`);
    expect([...different].slice(0, 20)).toEqual([]);
    expect(compared).toBeGreaterThan(100_000);
    expect(bytesOnly / compared).toBeLessThan(0.01);
  });

  it('shows the call of CreateProcessW with its neighbours, from the call itself and from within it', () => {
    const slot = [...image.imports, ...image.delayImports].find(({ name }) => name === 'CreateProcessW')!.slot;
    const { begin, owner, count } = image.functions;
    for (let f = 0; f < count; f++) {
      const body = owner[f] === begin[f] ? code.body(begin[f]) : undefined;
      const listing = body?.listing;
      for (let i = 0; listing && i < listing.count; i++) {
        if (listing.op[i] !== Op.call || listing.base[i] !== BASE_RVA || listing.disp[i] !== slot) continue;
        const address = image.imageBase + listing.rva[i];
        const lines = instructionsAround(image, address);
        expect(lines).toHaveLength(6);
        expect(lines[3]).toBe(`0x${address.toString(16)}  call [CreateProcessW]`);
        expect(instructionsAround(image, address + 2)).toEqual(lines);
        expect(instructionsAround(image, address, 0, 0)).toEqual([lines[3]]);
        return;
      }
    }
    expect.fail('OpenConsole.exe calls CreateProcessW');
  });
});

describe('on a made image', () => {
  /** x64 code at RVA 0x1000, data at RVA 0x2000, and no function table. */
  const lines = (code: string, options: { is64?: boolean; data?: Uint8Array; at?: number; before?: number } = {}) => {
    const { is64 = true, data = new Uint8Array(0), at = 0, before = 0 } = options;
    const bytes = Uint8Array.from(code.match(/[0-9a-f]{2}/g)!, (pair) => Number.parseInt(pair, 16));
    const text = new Content(0x1000, Math.max(0x40, bytes.length)).u8(0x1000, ...bytes);
    const values = new Content(0x2000, Math.max(0x40, data.length)).u8(0x2000, ...data);
    const built = buildPe({
      is64,
      sections: [
        { name: '.text', content: text, characteristics: 0x60000020 },
        { name: '.data', content: values, characteristics: 0xc0000040 },
      ],
    });
    const made = readImage(built, 'made.exe');
    return instructionsAround(made, made.imageBase + 0x1000 + at, before, 9).map((line) =>
      line.replace(/^0x[0-9a-f]+ {2}/, ''),
    );
  };

  it.each([
    ['48 89 5c 24 08', 'mov [rsp+0x8], rbx'],
    ['48 83 ec 28', 'sub rsp, 0x28'],
    ['48 83 c4 f0', 'add rsp, -0x10'],
    ['c7 44 24 20 04 00 00 00', 'mov dword [rsp+0x20], 0x4'],
    ['66 c7 00 ff ff', 'mov word [rax], 0xffff'],
    ['65 48 8b 04 25 60 00 00 00', 'mov rax, gs:[0x60]'],
    ['0f b7 44 48 fe', 'movzx eax, word [rax+rcx*2-0x2]'],
    ['4c 63 c1', 'movsxd r8, ecx'],
    ['41 ff d2', 'call r10'],
    ['ff 50 18', 'call [rax+0x18]'],
    ['75 fe', 'jne 0x140001000'],
    ['0f 94 c0', 'sete al'],
    ['88 65 00', 'mov byte [rbp], ah'],
    ['84 e4', 'test ah, ah'],
    ['0f b6 c4', 'movzx eax, ah'],
    ['40 88 e0', 'mov al, spl'],
    ['d3 e0', 'shl eax, cl'],
    ['48 d1 e8', 'shr rax, 0x1'],
    ['f3 48 ab', 'rep stosq'],
    ['f3 a4', 'rep movsb'],
    ['f2 ae', 'repne scasb'],
    ['f0 48 0f b1 0a', 'lock cmpxchg'],
    ['0f 57 c0', 'xorps xmm0, xmm0'],
    ['c5 fe 6f 01', 'vmovdqu ymm0, [rcx]'],
    ['48 69 c1 10 27 00 00', 'imul rax, rcx, 0x2710'],
    ['48 b8 88 77 66 55 44 33 22 11', 'mov rax, 0x1122334455667788'],
    ['cc', 'int3'],
    ['0f 38 c8 c1', 'db 0f 38 c8 c1'],
    ['c2 08 00', 'ret 0x8'],
    ['f3 0f 1e fa', 'endbr64'],
  ])('%s', (code, expected) => {
    const [line] = lines(code);
    expect(line.startsWith(expected), line).toBe(true);
  });

  it('quotes the text that an address names, escaped and cut', () => {
    const wide = (text: string) => Uint8Array.from([...`${text}\0`].flatMap((c) => [c.charCodeAt(0), 0]));
    const lea = '48 8d 15 f9 0f 00 00';
    expect(lines(lea, { data: wide('%s\\"a"\n') })[0]).toBe('lea rdx, [0x140002000]  ; "%s\\\\\\"a\\"\\n"');
    expect(lines(lea, { data: new TextEncoder().encode('cmd.exe\0') })[0]).toBe('lea rdx, [0x140002000]  ; "cmd.exe"');
    expect(lines(lea, { data: wide('x'.repeat(500)) })[0]).toBe(`lea rdx, [0x140002000]  ; "${'x'.repeat(60)}"...`);
    expect(lines(lea, { data: Uint8Array.of(1, 2, 3) })[0]).toBe('lea rdx, [0x140002000]');
    expect(lines('68 00 20 40 00', { is64: false, data: wide('net.exe') })[0]).toBe('push 0x402000  ; "net.exe"');
  });

  it('finds the lines before an address where no function is known, and none outside code', () => {
    const code = '55 8b ec 6a 00 68 00 20 40 00 ff 15 00 30 40 00 5d c3';
    expect(lines(code, { is64: false, at: 10, before: 2 }).slice(0, 3)).toEqual([
      'push 0x0',
      'push 0x402000',
      'call [0x403000]',
    ]);
    expect(lines(code, { at: 0x1000 })).toEqual([]);
    expect(lines(code, { at: -0x1000 })).toEqual([]);
    expect(lines(code, { at: 0x7fff0000 })).toEqual([]);
  });
});
