// Networks of addresses: read from their usual text, and whether an address is within one.

/** Addresses that begin with the same bits. */
export interface Network {
  readonly bits: number;
  /** 32 or 128 bits. */
  readonly address: bigint;
  readonly width: 32 | 128;
}

/** A network as "10.0.0.0/8" or "fe80::/10" gives it; undefined of another text. */
export function networkOf(text: string): Network | undefined {
  const [address, bits, ...more] = text.split('/');
  const parsed = addressOf(address);
  if (!parsed || more.length > 0) return undefined;
  const count = bits === undefined ? parsed.width : Number(bits);
  if (!Number.isInteger(count) || bits === '' || count < 0 || count > parsed.width) return undefined;
  return { ...parsed, bits: count };
}

/** Whether `text` is an address of the network. */
export function isWithin(text: string, network: Network): boolean {
  const parsed = addressOf(text);
  if (!parsed || parsed.width !== network.width) return false;
  const shift = BigInt(network.width - network.bits);
  return parsed.address >> shift === network.address >> shift;
}

function addressOf(text: string): { readonly address: bigint; readonly width: 32 | 128 } | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text.trim())?.[1] ?? text.trim();
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(mapped)) {
    const bytes = mapped.split('.').map(Number);
    if (bytes.some((byte) => byte > 255)) return undefined;
    return { address: bytes.reduce((all, byte) => all * 256n + BigInt(byte), 0n), width: 32 };
  }
  const halves = mapped.replace(/%.*$/, '').split('::');
  if (!mapped.includes(':') || halves.length > 2) return undefined;
  const [front, back] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - front.length - (back?.length ?? 0);
  if (back ? missing < 0 : missing !== 0) return undefined;
  const groups = [...front, ...Array<string>(back ? missing : 0).fill('0'), ...(back ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return { address: groups.reduce((all, group) => all * 65_536n + BigInt(`0x${group}`), 0n), width: 128 };
}

/** "10.0.0.0/8", "fe80:0:0:0:0:0:0:0/10". */
export function networkText({ address, bits, width }: Network): string {
  const groups = width === 32 ? 4 : 8;
  const size = BigInt(width / groups);
  const parts = Array.from(
    { length: groups },
    (_, index) => (address >> (size * BigInt(groups - 1 - index))) & ((1n << size) - 1n),
  );
  return `${parts.map((part) => part.toString(width === 32 ? 10 : 16)).join(width === 32 ? '.' : ':')}/${bits}`;
}
