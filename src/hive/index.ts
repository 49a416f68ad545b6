// The door to the registry hive reader: keys by path, their subkeys and values, and the records of the SAM.

export { fileTimeText } from '../bytes/file-time.ts';
export { type BaseBlock, isHive } from './base-block.ts';
export { Hive, type HiveOptions, openHive } from './hive.ts';
export { KeyFlag, type KeyNode } from './key-node.ts';
export { type KeyValue, RegType } from './key-value.ts';
export type { AppliedLog, LogFile, Recovery } from './recovery.ts';
export { RegistryKey, RegistryValue } from './registry-key.ts';
export { type AccountF, readAccountF } from './sam/account-f.ts';
export { type AccountV, readAccountV } from './sam/account-v.ts';
export { type AliasC, readAliasC } from './sam/alias-c.ts';
export { type GroupC, readGroupC } from './sam/group-c.ts';
export { readSam, type Sam, type SamAccount, type SamAlias, type SamGroup, type SamName } from './sam/sam.ts';
export { type ValueContent, valueContent } from './value-content.ts';
