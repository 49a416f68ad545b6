// The name by which a person knows an instruction, from its operation and, where several share one, from its encoding.
import type { Encoding } from './encoding.ts';
import { Op, type OpCode } from './instruction.ts';

/** Suffixes of jcc, cmovcc and setcc by condition code (0F 8x). */
const CONDITIONS = ['o', 'no', 'b', 'ae', 'e', 'ne', 'be', 'a', 's', 'ns', 'p', 'np', 'l', 'ge', 'le', 'g'] as const;
const ELEMENT = new Map([
  [1, 'b'],
  [2, 'w'],
  [4, 'd'],
  [8, 'q'],
]);

/** Operations whose name is that of the instruction. */
const PLAIN = new Map<number, string>(
  (
    [
      'movzx',
      'lea',
      'add',
      'sub',
      'and',
      'or',
      'xor',
      'inc',
      'dec',
      'neg',
      'not',
      'imul',
      'shl',
      'shr',
      'sar',
      'xchg',
      'cmp',
      'test',
      'call',
      'jmp',
      'leave',
    ] as const
  ).map((name) => [Op[name], name]),
);

/**
 * The mnemonic, with its prefix ("rep movsb", "lock cmpxchg"); undefined where the tables have no name. `size` is the operand size
 * in bytes, `cc` the condition code.
 */
export function mnemonicOf(op: OpCode, encoding: Encoding, size: number, cc: number): string | undefined {
  const name = nameOf(op, encoding, size, cc);
  return name !== undefined && encoding.lock ? `lock ${name}` : name;
}

function nameOf(op: OpCode, encoding: Encoding, size: number, cc: number): string | undefined {
  const plain = PLAIN.get(op);
  if (plain !== undefined) return plain;
  const { opcode, map, modrm, prefix } = encoding;
  switch (op) {
    case Op.mov:
      return encoding.map === 1 || isControlMove(encoding) ? 'mov' : vectorName(encoding);
    case Op.movsx:
      if (map === 1 && opcode === 0x98) return size === 4 ? 'cdqe' : size === 2 ? 'cwde' : 'cbw';
      return map === 1 ? 'movsxd' : 'movsx';
    case Op.cmov:
      return `cmov${CONDITIONS[cc & 15]}`;
    case Op.setcc:
      return `set${CONDITIONS[cc & 15]}`;
    case Op.jcc:
      return `j${CONDITIONS[cc & 15]}`;
    case Op.push:
      if (map !== 1) return 'push';
      return opcode === 0x9c ? flags('pushf', size) : opcode === 0x60 ? 'pusha' : 'push';
    case Op.pop:
      return map === 1 && opcode === 0x9d ? flags('popf', size) : 'pop';
    case Op.ret:
      if (map === 1 && (opcode === 0xca || opcode === 0xcb)) return 'retf';
      return map === 1 && (opcode === 0xc2 || opcode === 0xc3) ? 'ret' : rareName(encoding);
    case Op.movs:
    case Op.stos:
    case Op.scan:
    case Op.clobberAll: {
      const base = map === 1 ? STRINGS[opcode & 0xfe] : undefined;
      if (base === undefined) return rareName(encoding);
      const compares = base === 'cmps' || base === 'scas';
      const repeat = prefix === 0xf2 ? 'repne ' : prefix === 0xf3 ? (compares ? 'repe ' : 'rep ') : '';
      return `${repeat}${base}${(opcode & 1) === 0 ? 'b' : ELEMENT.get(size)}`;
    }
    case Op.muldiv:
      if (map === 1 && (opcode & 0xfe) === 0xf6) return UNARY[(modrm >> 3) & 7];
      if (map === 1 && opcode === 0x99) return size === 8 ? 'cqo' : size === 4 ? 'cdq' : 'cwd';
      return rareName(encoding);
    case Op.carry:
      return carryName(encoding);
    case Op.zero:
      return vectorName(encoding);
    case Op.loop:
      return map === 1
        ? { 224: 'loopne', 225: 'loope', 226: 'loop', 227: size === 8 ? 'jrcxz' : 'jecxz' }[opcode]
        : undefined;
    default:
      return rareName(encoding);
  }
}

/** pushf, pushfd, pushfq: their operand is not written, so its size stands in the name. */
function flags(name: string, size: number): string {
  return `${name}${size === 8 ? 'q' : size === 4 ? 'd' : ''}`;
}

/** mov to and from control and debug registers (0F 20 to 0F 23). */
function isControlMove({ map, opcode, vector }: Encoding): boolean {
  return vector === 'none' && map === 2 && opcode >= 0x20 && opcode <= 0x23;
}

const STRINGS: Readonly<Record<number, string>> = {
  108: 'ins',
  110: 'outs',
  164: 'movs',
  166: 'cmps',
  170: 'stos',
  172: 'lods',
  174: 'scas',
};

function carryName({ map, opcode, modrm, prefix }: Encoding): string | undefined {
  if (map === 3) return prefix === 0x66 ? 'adcx' : 'adox';
  if (map !== 1) return undefined;
  if (opcode >= 0x10 && opcode < 0x16) return 'adc';
  if (opcode >= 0x18 && opcode < 0x1e) return 'sbb';
  return opcode >= 0x80 && opcode <= 0x83 ? (((modrm >> 3) & 7) === 2 ? 'adc' : 'sbb') : undefined;
}

/** Rotations and shifts of the group C0, C1, D0 to D3; bit tests of 0F BA. */
const SHIFTS = ['rol', 'ror', 'rcl', 'rcr', 'shl', 'shr', 'shl', 'sar'] as const;
const BITS = ['', '', '', '', 'bt', 'bts', 'btr', 'btc'] as const;
const ARITHMETIC = ['add', 'or', 'adc', 'sbb', 'and', 'sub', 'xor', 'cmp'] as const;
const UNARY = ['test', 'test', 'not', 'neg', 'mul', 'imul', 'div', 'idiv'] as const;
const FENCES = ['', '', '', '', '', 'lfence', 'mfence', 'sfence'] as const;
const PREFETCHES = ['prefetchnta', 'prefetcht0', 'prefetcht1', 'prefetcht2'] as const;

/** Instructions that the listing does not tell apart (op `other`, `nop`, `trap`, `exchange`, `clobberAll`), and names of their own. */
function rareName(encoding: Encoding): string | undefined {
  const { map, opcode, modrm, prefix, vector } = encoding;
  const group = (modrm >> 3) & 7;
  if (vector !== 'none') return vectorName(encoding);
  if (map === 1) {
    if (opcode === 0xf7 || opcode === 0xf6) return UNARY[group];
    if (opcode >= 0xc0 && opcode <= 0xd3 && (opcode < 0xc2 || opcode >= 0xd0)) return SHIFTS[group];
    if (opcode >= 0x80 && opcode <= 0x83) return ARITHMETIC[group];
    if (opcode < 0x40 && (opcode & 7) < 6) return ARITHMETIC[opcode >> 3];
    if (opcode === 0x90 && prefix === 0xf3) return 'pause';
    if (opcode === 0xfe || opcode === 0xff) return group === 0 ? 'inc' : group === 1 ? 'dec' : undefined;
    return ONE_BYTE[opcode];
  }
  if (map === 2) {
    if (opcode === 0x1e && prefix === 0xf3) return modrm === 0xfa ? 'endbr64' : modrm === 0xfb ? 'endbr32' : 'nop';
    if (opcode === 0x18) return PREFETCHES[group] ?? 'nop';
    if (opcode === 0x0d) return group === 1 ? 'prefetchw' : 'prefetch';
    if (opcode >= 0x19 && opcode <= 0x1f) return 'nop';
    if (opcode === 0xba) return BITS[group] || undefined;
    if (opcode === 0xae && modrm >= 0xc0 && prefix === 0) return FENCES[group] || undefined;
    if (opcode === 0xae && modrm < 0xc0 && prefix === 0)
      return group === 2 ? 'ldmxcsr' : group === 3 ? 'stmxcsr' : undefined;
    if (opcode === 0xb8) return prefix === 0xf3 ? 'popcnt' : undefined;
    if (opcode === 0xbc) return prefix === 0xf3 ? 'tzcnt' : 'bsf';
    if (opcode === 0xbd) return prefix === 0xf3 ? 'lzcnt' : 'bsr';
    if (opcode === 0xc7 && group === 1) return encoding.wide ? 'cmpxchg16b' : 'cmpxchg8b';
    if (opcode === 0x01 && modrm === 0xd0) return 'xgetbv';
    if (opcode >= 0xc8 && opcode <= 0xcf) return 'bswap';
    if (opcode >= 0x90 && opcode <= 0x9f) return `set${CONDITIONS[opcode & 15]}`;
    return TWO_BYTE[opcode] ?? vectorName(encoding);
  }
  return vectorName(encoding);
}

const ONE_BYTE: Readonly<Record<number, string>> = {
  97: 'popa',
  132: 'test',
  134: 'xchg',
  136: 'mov',
  138: 'mov',
  140: 'mov',
  142: 'mov',
  144: 'nop',
  155: 'fwait',
  158: 'sahf',
  159: 'lahf',
  180: 'mov',
  181: 'mov',
  182: 'mov',
  183: 'mov',
  204: 'int3',
  205: 'int',
  207: 'iret',
  241: 'int1',
  244: 'hlt',
  252: 'cld',
  253: 'std',
};

const TWO_BYTE: Readonly<Record<number, string>> = {
  5: 'syscall',
  11: 'ud2',
  49: 'rdtsc',
  52: 'sysenter',
  162: 'cpuid',
  163: 'bt',
  164: 'shld',
  165: 'shld',
  171: 'bts',
  172: 'shrd',
  173: 'shrd',
  175: 'imul',
  176: 'cmpxchg',
  177: 'cmpxchg',
  179: 'btr',
  187: 'btc',
  192: 'xadd',
  193: 'xadd',
  195: 'movnti',
};

/** Names behind 0F by prefix: none, 66, F3, F2. VEX adds a "v". */
const VECTOR: Readonly<Record<number, readonly [string?, string?, string?, string?]>> = {
  16: ['movups', 'movupd', 'movss', 'movsd'],
  17: ['movups', 'movupd', 'movss', 'movsd'],
  18: ['movlps', 'movlpd', 'movsldup', 'movddup'],
  19: ['movlps', 'movlpd'],
  20: ['unpcklps', 'unpcklpd'],
  21: ['unpckhps', 'unpckhpd'],
  22: ['movhps', 'movhpd', 'movshdup'],
  23: ['movhps', 'movhpd'],
  40: ['movaps', 'movapd'],
  41: ['movaps', 'movapd'],
  42: [undefined, undefined, 'cvtsi2ss', 'cvtsi2sd'],
  43: ['movntps', 'movntpd'],
  44: [undefined, undefined, 'cvttss2si', 'cvttsd2si'],
  45: [undefined, undefined, 'cvtss2si', 'cvtsd2si'],
  46: ['ucomiss', 'ucomisd'],
  47: ['comiss', 'comisd'],
  81: ['sqrtps', 'sqrtpd', 'sqrtss', 'sqrtsd'],
  84: ['andps', 'andpd'],
  85: ['andnps', 'andnpd'],
  86: ['orps', 'orpd'],
  87: ['xorps', 'xorpd'],
  88: ['addps', 'addpd', 'addss', 'addsd'],
  89: ['mulps', 'mulpd', 'mulss', 'mulsd'],
  90: ['cvtps2pd', 'cvtpd2ps', 'cvtss2sd', 'cvtsd2ss'],
  91: ['cvtdq2ps', 'cvtps2dq', 'cvttps2dq'],
  92: ['subps', 'subpd', 'subss', 'subsd'],
  93: ['minps', 'minpd', 'minss', 'minsd'],
  94: ['divps', 'divpd', 'divss', 'divsd'],
  95: ['maxps', 'maxpd', 'maxss', 'maxsd'],
  96: [undefined, 'punpcklbw'],
  97: [undefined, 'punpcklwd'],
  98: [undefined, 'punpckldq'],
  108: [undefined, 'punpcklqdq'],
  109: [undefined, 'punpckhqdq'],
  110: [undefined, 'movd'],
  111: [undefined, 'movdqa', 'movdqu'],
  112: [undefined, 'pshufd', 'pshufhw', 'pshuflw'],
  116: [undefined, 'pcmpeqb'],
  117: [undefined, 'pcmpeqw'],
  118: [undefined, 'pcmpeqd'],
  126: [undefined, 'movd', 'movq'],
  127: [undefined, 'movdqa', 'movdqu'],
  198: ['shufps', 'shufpd'],
  212: [undefined, 'paddq'],
  214: [undefined, 'movq'],
  215: [undefined, 'pmovmskb'],
  219: [undefined, 'pand'],
  223: [undefined, 'pandn'],
  230: [undefined, 'cvttpd2dq', 'cvtdq2pd', 'cvtpd2dq'],
  231: [undefined, 'movntdq'],
  235: [undefined, 'por'],
  239: [undefined, 'pxor'],
  240: [undefined, undefined, undefined, 'lddqu'],
  250: [undefined, 'psubd'],
  251: [undefined, 'psubq'],
  254: [undefined, 'paddd'],
};

function vectorName({ map, opcode, prefix, wide, vector, modrm }: Encoding): string | undefined {
  if (vector === 'xop') return undefined;
  const v = vector === 'none' ? '' : 'v';
  const column = prefix === 0 ? 0 : prefix === 0x66 ? 1 : prefix === 0xf3 ? 2 : 3;
  if (map === 3 && opcode === 0x2a && column === 1) return `${v}movntdqa`;
  if (map !== 2) return undefined;
  if (vector !== 'none' && opcode === 0x77) return undefined;
  if (opcode === 0x77) return 'emms';
  if ((opcode === 0x6e || opcode === 0x7e) && column === 1 && wide) return `${v}movq`;
  if (opcode === 0x12 && column === 0 && modrm >= 0xc0) return `${v}movhlps`;
  if (opcode === 0x16 && column === 0 && modrm >= 0xc0) return `${v}movlhps`;
  const name = VECTOR[opcode]?.[column];
  if (name === undefined) return undefined;
  if (vector !== 'evex') return `${v}${name}`;
  // EVEX splits the whole-register moves and the bitwise operations by the size of the elements that a mask picks.
  if (name === 'movdqa' || name === 'pxor' || name === 'por' || name === 'pand') {
    return name === 'movdqa' ? `vmovdqa${wide ? 64 : 32}` : `v${name}${wide ? 'q' : 'd'}`;
  }
  if (name === 'movdqu') return `vmovdqu${wide ? 64 : 32}`;
  return `v${name}`;
}
