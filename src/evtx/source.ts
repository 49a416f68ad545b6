// Bytes that values and templates stand in, both to be read one by one and as numbers at any place.

export interface Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}
