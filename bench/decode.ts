// How fast the x86 decoder is, beside iced-x86 (wasm) in the same run: millions of instructions a second over the functions of an image.
// Usage: vite-node bench/decode.ts [FILE], or bundle it: rolldown bench/decode.ts --format esm --platform node --external iced-x86.
import { readFileSync } from 'node:fs';
import { Decoder, Instruction } from 'iced-x86';
import { decodeRange } from '../src/code/decode-x86.ts';
import { emptyListing } from '../src/code/instruction.ts';
import { type PeImage, readImage } from '../src/pe/image.ts';

const SAMPLE = 'node_modules/node-pty/prebuilds/win32-x64/conpty/OpenConsole.exe';
const ROUNDS = 40;

/** Code to decode: file offsets and the RVA. */
interface Range {
  readonly from: number;
  readonly to: number;
  readonly rva: number;
}

/** The functions of .pdata; where there is none, the executable sections. */
function rangesOf(image: PeImage): Range[] {
  const ranges: Range[] = [];
  const { begin, end, count } = image.functions;
  for (let f = 0; f < count; f++) {
    const from = image.offsetOf(begin[f]);
    if (from >= 0) ranges.push({ from, to: from + end[f] - begin[f], rva: begin[f] });
  }
  if (ranges.length > 0) return ranges;
  return image.sections
    .filter((section) => image.isCode(section.virtualAddress))
    .map((section) => {
      const size = Math.min(section.sizeOfRawData, section.virtualSize);
      return { from: section.pointerToRawData, to: section.pointerToRawData + size, rva: section.virtualAddress };
    });
}

/** The best of some rounds, in instructions a microsecond; `round` answers how many instructions it decoded. */
function best(rounds: number, round: () => number): { readonly speed: number; readonly count: number } {
  let speed = 0;
  let count = 0;
  for (let k = 0; k < rounds; k++) {
    const start = performance.now();
    count = round();
    speed = Math.max(speed, count / (performance.now() - start) / 1000);
  }
  return { speed, count };
}

const file = process.argv[2] ?? SAMPLE;
const image = readImage(new Uint8Array(readFileSync(file)), file);
const mode = image.is64 ? 64 : 32;
const ranges = rangesOf(image);
const listing = emptyListing();
const ours = best(ROUNDS, () => {
  let count = 0;
  for (const { from, to, rva } of ranges) {
    listing.count = 0;
    decodeRange(image.bytes, from, to, rva, mode, image.imageBase, listing);
    count += listing.count;
  }
  return count;
});
// Only iced's decoding and the length: reading its operands costs more calls into wasm.
const instruction = new Instruction();
const theirs = best(5, () => {
  let count = 0;
  for (const { from, to, rva } of ranges) {
    const decoder = new Decoder(mode, image.bytes.subarray(from, to), 0);
    decoder.ip = BigInt(image.imageBase + rva);
    while (decoder.canDecode) {
      decoder.decodeOut(instruction);
      count++;
    }
    decoder.free();
  }
  return count;
});
console.log(`${file}: ${ranges.length} ranges, ${ours.count} instructions (iced-x86: ${theirs.count})`);
console.log(`winnow   ${ours.speed.toFixed(1)} million instructions a second, operands included`);
console.log(`iced-x86 ${theirs.speed.toFixed(1)} million instructions a second, without reading operands`);
console.log(`ratio    ${(ours.speed / theirs.speed).toFixed(1)}`);
