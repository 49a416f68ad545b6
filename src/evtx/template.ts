// A template of binary XML: the tree that its instances share, with what was worked out of it once for all of them.

import { type DataField, dataFields } from './data-fields.ts';
import type { ContentNode, ElementNode } from './fragment.ts';
import { compileJson, type JsonProgram } from './json-compile.ts';
import { type SystemFields, systemFields } from './system-fields.ts';

export class Template {
  /** The single element that it is; undefined where it holds something else or more. */
  readonly root: ElementNode | undefined;
  readonly roots: readonly ContentNode[];
  #document: JsonProgram | undefined | null = null;
  #member: JsonProgram | undefined | null = null;
  #system: SystemFields | undefined;
  #data: readonly DataField[] | undefined | null = null;

  constructor(roots: readonly ContentNode[]) {
    this.roots = roots;
    const [first] = roots;
    this.root = roots.length === 1 && first.kind === 'element' ? first : undefined;
  }

  /** What writes an instance as a JSON object of its own; undefined for a shape that only a tree can be made of. */
  get document(): JsonProgram | undefined {
    if (this.#document === null) this.#document = this.root && compileJson(this.root, true);
    return this.#document;
  }

  /** The same as a member of the object around it. */
  get member(): JsonProgram | undefined {
    if (this.#member === null) this.#member = this.root && compileJson(this.root, false);
    return this.#member;
  }

  /** The fields of an element with an event's data, by the place of each; undefined where values decide what it holds. */
  get data(): readonly DataField[] | undefined {
    if (this.#data === null) this.#data = this.root && dataFields(this.root);
    return this.#data;
  }

  /** Where the fields of the element System stand. */
  get system(): SystemFields {
    this.#system ??= systemFields(this.root);
    return this.#system;
  }
}
