// The names of an object's members, where elements that stand side by side have the same: Name, Name_1, Name_2.

export class NumberedNames {
  readonly #counts = new Map<string, number>();

  /** The name for the next element of that name. */
  next(name: string): string {
    const count = this.#counts.get(name) ?? 0;
    this.#counts.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  }
}
