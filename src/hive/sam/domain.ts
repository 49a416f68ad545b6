// The values of a domain of the SAM: F with the password policy and the next RID, V with its SID.

import { bigU64At, u16At, u32At } from '../../bytes/cursor.ts';
import { sidText } from '../../bytes/sid.ts';
import { partAt } from './parts.ts';

/** Bytes of F up to its keys, which are never read. */
const F_SIZE = 0x56;
/** Of V: four parts of 12 bytes each. */
const V_HEADER_SIZE = 0x30;

/** Durations are 100 ns, negative as Windows keeps them, as 64-bit unsigned; 0x8000000000000000 is for ever. */
export interface DomainF {
  readonly created: bigint;
  readonly maximumPasswordAge: bigint;
  readonly minimumPasswordAge: bigint;
  readonly lockoutDuration: bigint;
  readonly lockoutWindow: bigint;
  /** Of the next account or group that is made; it only grows. */
  readonly nextRid: number;
  /** DOMAIN_PASSWORD_*. */
  readonly passwordProperties: number;
  readonly minimumPasswordLength: number;
  readonly passwordHistoryLength: number;
  /** 0: accounts are not locked. */
  readonly lockoutThreshold: number;
}

/** undefined where it is cut off. */
export function readDomainF(bytes: Uint8Array): DomainF | undefined {
  if (bytes.length < F_SIZE) return undefined;
  return {
    created: bigU64At(bytes, 0x08),
    maximumPasswordAge: bigU64At(bytes, 0x18),
    minimumPasswordAge: bigU64At(bytes, 0x20),
    lockoutDuration: bigU64At(bytes, 0x30),
    lockoutWindow: bigU64At(bytes, 0x38),
    nextRid: u32At(bytes, 0x48),
    passwordProperties: u32At(bytes, 0x4c),
    minimumPasswordLength: u16At(bytes, 0x50),
    passwordHistoryLength: u16At(bytes, 0x52),
    lockoutThreshold: u16At(bytes, 0x54),
  };
}

/** The domain's SID in its V value; undefined where there is none whole. */
export function readDomainSid(bytes: Uint8Array): string | undefined {
  const { bytes: sid, isWhole } = partAt({ bytes, tableAt: 0, base: V_HEADER_SIZE }, 1);
  if (!isWhole || sid.length < 8 || sid[0] !== 1 || sid.length !== 8 + 4 * sid[1]) return undefined;
  return sidText(sid, 0, sid.length);
}
