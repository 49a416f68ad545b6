// One value of a template's instance, found by its number.

import { ValueType } from './value-type.ts';

/** Finds one value of an instance by its number, without a look at the others' bytes. */
export class ValueFinder {
  readonly bytes: Uint8Array;
  readonly #descriptors: number;
  readonly #count: number;
  size = 0;
  type: number = ValueType.null;

  constructor(bytes: Uint8Array, descriptors: number, count: number) {
    this.bytes = bytes;
    this.#descriptors = descriptors;
    this.#count = count;
  }

  /** Offset of the value; its size and type are then those of the fields here. */
  find(index: number): number {
    const { bytes } = this;
    if (index >= this.#count) {
      this.size = 0;
      this.type = ValueType.null;
      return 0;
    }
    let at = this.#descriptors + this.#count * 4;
    const end = this.#descriptors + index * 4;
    for (let descriptor = this.#descriptors; descriptor < end; descriptor += 4)
      at += bytes[descriptor] | (bytes[descriptor + 1] << 8);
    this.size = bytes[end] | (bytes[end + 1] << 8);
    this.type = bytes[end + 2];
    return at;
  }
}
