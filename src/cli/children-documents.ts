// Documents that `winnow children --json` wrote, read back for a design.

import { CHILDREN_SCHEMA, type ChildrenDocument } from '../children/document.ts';
import { InputError } from '../errors.ts';
import { readWholeFile } from './files.ts';

/** Throws InputError for a file that is no such document. */
export function readChildrenDocument(path: string): ChildrenDocument {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(readWholeFile(path)));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: no JSON: a document of 'winnow children FILE --json' is expected`, { cause: error });
  }
  if (!isChildrenDocument(document))
    throw new InputError(`${path}: no document of schema ${CHILDREN_SCHEMA}; 'winnow children FILE --json' writes one`);
  return document;
}

/** As far as a design reads it. */
function isChildrenDocument(document: unknown): document is ChildrenDocument {
  if (typeof document !== 'object' || document === null) return false;
  const { schema, parent, children, generic, verdict } = document as Partial<Record<keyof ChildrenDocument, unknown>>;
  return (
    schema === CHILDREN_SCHEMA &&
    hasTexts(parent, 'image') &&
    [children, generic].every((list) => Array.isArray(list) && list.every((one) => hasTexts(one, 'image'))) &&
    (children as readonly { readonly path?: unknown }[]).every(
      ({ path }) => path === null || typeof path === 'string',
    ) &&
    hasTexts(verdict, 'kind')
  );
}

function hasTexts(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[name] === 'string';
}
