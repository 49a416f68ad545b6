// An event's data as names and places of values, in their order: EventData by its Data elements' names, UserData by its innermost elements'.

import type { ContentNode, ElementNode } from './fragment.ts';

/** A field of an event's data. */
export interface DataField {
  /** As the event writes it; "Data" for one without a name. */
  readonly name: string;
  readonly content: readonly ContentNode[];
}

/** The element of a field without a name. */
export const UNNAMED = 'Data';

/** The fields of an EventData or UserData element; undefined where values decide what it holds. */
export function dataFields(root: ElementNode): readonly DataField[] | undefined {
  // One that is there only beside a value that is not null.
  if (root.dependency >= 0) return undefined;
  const fields: DataField[] = [];
  return collect(root, fields) ? fields : undefined;
}

function collect(element: ElementNode, into: DataField[]): boolean {
  for (const node of element.content) {
    if (node.kind !== 'element') {
      if (node.kind === 'instruction') continue;
      return false;
    }
    if (node.dependency >= 0) return false;
    if (node.content.some(({ kind }) => kind === 'element')) {
      if (!collect(node, into)) return false;
      continue;
    }
    const name = node.name === UNNAMED ? staticName(node) : node.name;
    if (name === undefined) return false;
    into.push({ name, content: node.content });
  }
  return true;
}

/** The name of a Data element; undefined where a value decides it. */
function staticName({ attributes }: ElementNode): string | undefined {
  const name = attributes.find((one) => one.name === 'Name');
  if (!name) return UNNAMED;
  const text = name.content.map((node) => (node.kind === 'text' ? node.text : '\0')).join('');
  return text.includes('\0') ? undefined : text || UNNAMED;
}
