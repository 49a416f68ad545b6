// The C value of a global group of the SAM ("None" on a machine that is no domain controller): its name and the RIDs of its members.

import { u32At } from '../../bytes/cursor.ts';
import { type PartTable, partAt, partText } from './parts.ts';

const TABLE_AT = 0x14;
const HEADER_SIZE = 0x44;

export interface GroupC {
  readonly rid: number;
  /** SE_GROUP_*. */
  readonly attributes: number;
  /** undefined where it goes on behind the value. */
  readonly name: string | undefined;
  readonly comment: string | undefined;
  /** RIDs. */
  readonly members: readonly number[];
  /** Members that it should have. */
  readonly memberCount: number;
}

/** undefined where its table of parts is cut off. */
export function readGroupC(bytes: Uint8Array): GroupC | undefined {
  if (bytes.length < HEADER_SIZE) return undefined;
  const table: PartTable = { bytes, tableAt: TABLE_AT, base: HEADER_SIZE };
  const { bytes: rids, third: memberCount } = partAt(table, 3);
  const fit = Math.min(memberCount, Math.floor(rids.length / 4));
  return {
    rid: u32At(bytes, 4),
    attributes: u32At(bytes, 8),
    name: partText(table, 1),
    comment: partText(table, 2),
    members: Array.from({ length: fit }, (_, i) => u32At(rids, i * 4)),
    memberCount,
  };
}
