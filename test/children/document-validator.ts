// The published schema of `winnow children`, as a function that tells what of a document it refuses.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const SCHEMA = new URL('../../docs/formats/children-1.schema.json', import.meta.url);

export function documentValidator(): (document: unknown) => readonly unknown[] {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(SCHEMA, 'utf8')),
  );
  return (document) => (validate(document) ? [] : (validate.errors ?? []));
}
