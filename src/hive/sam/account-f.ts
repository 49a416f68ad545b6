// The F value of a user of the SAM: times, counts, control bits, and the RID that the account logs on with.

import { bigU64At, u16At, u32At } from '../../bytes/cursor.ts';

/** Bytes that it has in all versions of Windows, without what follows the last count. */
const LEAST_SIZE = 0x44;

/** Times are FILETIMEs; 0 is never. */
export interface AccountF {
  /** 2 up to Windows 8.1, 3 later. */
  readonly revision: number;
  readonly lastLogon: bigint;
  readonly lastLogoff: bigint;
  readonly passwordLastSet: bigint;
  /** 0 or 0x7fffffffffffffff: never. */
  readonly accountExpires: bigint;
  readonly lastBadPassword: bigint;
  /** By this one Windows makes the token; unlike the key's name it was changed by hand. */
  readonly rid: number;
  readonly primaryGroup: number;
  /** `AccountControl`. */
  readonly control: number;
  readonly countryCode: number;
  readonly codePage: number;
  readonly badPasswordCount: number;
  readonly logonCount: number;
}

/** undefined where it is cut off. */
export function readAccountF(bytes: Uint8Array): AccountF | undefined {
  if (bytes.length < LEAST_SIZE) return undefined;
  return {
    revision: u16At(bytes, 0),
    lastLogon: bigU64At(bytes, 0x08),
    lastLogoff: bigU64At(bytes, 0x10),
    passwordLastSet: bigU64At(bytes, 0x18),
    accountExpires: bigU64At(bytes, 0x20),
    lastBadPassword: bigU64At(bytes, 0x28),
    rid: u32At(bytes, 0x30),
    primaryGroup: u32At(bytes, 0x34),
    control: u16At(bytes, 0x38),
    countryCode: u16At(bytes, 0x3c),
    codePage: u16At(bytes, 0x3e),
    badPasswordCount: u16At(bytes, 0x40),
    logonCount: u16At(bytes, 0x42),
  };
}
