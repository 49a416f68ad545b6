// The C value of a local group (alias) of the SAM: its name and comment, and its members as SIDs one after the other.

import { u32At } from '../../bytes/cursor.ts';
import { sidText } from '../../bytes/sid.ts';
import { type PartTable, partAt, partText } from './parts.ts';

const TABLE_AT = 4;
const HEADER_SIZE = 0x34;
const SID_REVISION = 1;
const MOST_SUB_AUTHORITIES = 15;

export interface AliasC {
  readonly rid: number;
  /** undefined where it goes on behind the value. */
  readonly name: string | undefined;
  readonly comment: string | undefined;
  /** SIDs, in the order in which they were added. */
  readonly members: readonly string[];
  /** Members that it should have; fewer stand in `members` where it is cut off or damaged. */
  readonly memberCount: number;
}

/** undefined where its table of parts is cut off. */
export function readAliasC(bytes: Uint8Array): AliasC | undefined {
  if (bytes.length < HEADER_SIZE) return undefined;
  const table: PartTable = { bytes, tableAt: TABLE_AT, base: HEADER_SIZE };
  const { bytes: packed, third: memberCount } = partAt(table, 3);
  return {
    rid: u32At(bytes, 0),
    name: partText(table, 1),
    comment: partText(table, 2),
    members: packedSids(packed, memberCount),
    memberCount,
  };
}

/** Up to `count` SIDs without anything between them; ends before one that is none or is cut off. */
function packedSids(bytes: Uint8Array, count: number): string[] {
  const sids: string[] = [];
  for (let at = 0; sids.length < count && at + 8 <= bytes.length; ) {
    const size = 8 + 4 * bytes[at + 1];
    if (bytes[at] !== SID_REVISION || bytes[at + 1] > MOST_SUB_AUTHORITIES || at + size > bytes.length) break;
    sids.push(sidText(bytes, at, size));
    at += size;
  }
  return sids;
}
