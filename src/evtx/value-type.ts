// The types of values in binary XML (MS-EVEN6 2.2.12, "BinXmlValueType"), and how many bytes each takes.

export const ValueType = {
  null: 0x00,
  string: 0x01,
  ansiString: 0x02,
  int8: 0x03,
  uint8: 0x04,
  int16: 0x05,
  uint16: 0x06,
  int32: 0x07,
  uint32: 0x08,
  int64: 0x09,
  uint64: 0x0a,
  real32: 0x0b,
  real64: 0x0c,
  bool: 0x0d,
  binary: 0x0e,
  guid: 0x0f,
  sizeT: 0x10,
  fileTime: 0x11,
  systemTime: 0x12,
  sid: 0x13,
  hexInt32: 0x14,
  hexInt64: 0x15,
  evtHandle: 0x20,
  binXml: 0x21,
  evtXml: 0x23,
} as const;

/** Set in the type of an array. */
export const ARRAY = 0x80;

/** A type's size that is not the same for all its values. */
export const VARIES = 0;

const SIZES: readonly (readonly [type: number, size: number])[] = [
  [ValueType.int8, 1],
  [ValueType.uint8, 1],
  [ValueType.int16, 2],
  [ValueType.uint16, 2],
  [ValueType.int32, 4],
  [ValueType.uint32, 4],
  [ValueType.int64, 8],
  [ValueType.uint64, 8],
  [ValueType.real32, 4],
  [ValueType.real64, 8],
  [ValueType.bool, 4],
  [ValueType.guid, 16],
  [ValueType.fileTime, 8],
  [ValueType.systemTime, 16],
  [ValueType.hexInt32, 4],
  [ValueType.hexInt64, 8],
];

/** Bytes of a value by its type, {@link VARIES} where they differ; a size_t has 4 or 8. */
export const SIZE_OF: Uint8Array = (() => {
  const sizes = new Uint8Array(256);
  for (const [type, size] of SIZES) sizes[type] = size;
  return sizes;
})();

/** Whether a type is one that values have: an array of any but nested binary XML, or a single value. */
export function isValueType(type: number): boolean {
  const single = type & ~ARRAY;
  return single <= ValueType.hexInt64 || (type < ARRAY && (single === 0x20 || single === 0x21 || single === 0x23));
}

/**
 * Bytes of a value that JSON writes as it is, by its type; 0 for the types that are text there. Whole numbers and booleans are bare; a
 * floating-point number may be none or without an end, and a number of another size is told by its bytes.
 */
export const BARE_SIZE: Uint8Array = (() => {
  const bare = new Uint8Array(256);
  for (let type: number = ValueType.int8; type <= ValueType.uint64; type++) bare[type] = SIZE_OF[type];
  bare[ValueType.bool] = SIZE_OF[ValueType.bool];
  return bare;
})();
