// A document of `winnow children FILE --json` that is given to be compared: its schema, and the shape of every part that is read of it.
import { FormatError } from '../../errors.ts';
import { visibleText } from '../../rule/visible-text.ts';
import { CHILDREN_SCHEMA, type ChildrenDocument } from '../document.ts';
import { flag, list, matching, object, oneOf, optional, orNull, record, text } from './shapes.ts';

/** No program has so many by far; exclusions are compared each with each. */
const MOST_CHILDREN = 2000;

const WAY_OUT = 'make it again with this version: winnow children FILE --json';

/**
 * The document in `json`. Throws FormatError, one line, for a text that is no JSON, for a document of another schema or of another version of it
 * (with the way out), and for one in which a part is not what the schema says.
 */
export function readChildrenDocument(json: string): ChildrenDocument {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new FormatError(`no JSON; ${WAY_OUT}`, { cause: error });
  }
  const schema = schemaOf(value);
  if (schema === undefined) throw new FormatError(`no document of schema ${CHILDREN_SCHEMA}; ${WAY_OUT}`);
  if (schema !== CHILDREN_SCHEMA)
    throw new FormatError(
      `a document of schema ${visibleText(schema.slice(0, 80))}, and this version compares ${CHILDREN_SCHEMA}; ${WAY_OUT}`,
    );
  try {
    DOCUMENT(value, '');
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(`not as ${CHILDREN_SCHEMA} says: ${error.message}; ${WAY_OUT}`, { cause: error });
  }
  return value as ChildrenDocument;
}

function schemaOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'schema')) return undefined;
  const { schema } = value as { readonly schema: unknown };
  return typeof schema === 'string' ? schema : undefined;
}

const address = matching(/^0x(?:0|[1-9a-f][0-9a-f]{0,15})$/, 'an address like 0x140045ccc');
const confidence = oneOf('proven', 'likely', 'possible');
const reach = matching(/^(?:image|vtable|callback|module-only|other-process|export:.+|loaded:.+)$/s, 'a reach');
const reason = oneOf(
  'registry',
  'command-line',
  'standard-input',
  'file',
  'environment',
  'com',
  'rpc',
  'shared-memory',
  'caller',
  'data',
  'step-limit',
);

const image = object({
  image: text,
  path: text,
  sha256: text,
  arch: oneOf('x64', 'x86', 'arm64', 'arm', 'il', 'unknown'),
  version: orNull(text),
  kind: oneOf('program', 'module'),
  console: flag,
});

const when = object({ parentArguments: list(object({ anyOf: list(text) }), 1) });
const build = optional(text);

const evidence = object({
  build,
  module: text,
  sink: text,
  site: address,
  function: address,
  reach,
  name: optional(text),
  hint: optional(text),
  when: optional(when),
});

/** Lists that later parts of the document may have; only what names an entry and where it stands is read. */
const placed = object({ build, module: text, site: address, function: optional(address), api: optional(text) });
const load = object({ name: orNull(text) });
const comClass = object({
  classId: orNull(text),
  progId: optional(text),
  moniker: optional(text),
  runtimeClass: optional(text),
});
const both =
  (...shapes: readonly ((value: unknown, at: string) => void)[]) =>
  (value: unknown, at: string) => {
    for (const shape of shapes) shape(value, at);
  };

const openSite = object({ build, module: text, sink: text, site: address, reason, detail: text, when: optional(when) });

const DOCUMENT = object({
  parent: image,
  builds: optional(list(object({ name: text, image }), 2)),
  modules: list(object({ build, name: text, role: text, found: flag })),
  sites: list(
    object({
      build,
      module: text,
      site: address,
      sink: text,
      via: text,
      function: address,
      functionName: optional(text),
      arguments: record(list(text)),
    }),
  ),
  children: list(
    object({
      image: text,
      path: orNull(text),
      commandLine: orNull(text),
      confidence,
      reach,
      through: optional(oneOf('shell', 'document')),
      when: optional(when),
      builds: optional(list(text)),
      evidence: list(evidence),
    }),
    0,
    MOST_CHILDREN,
  ),
  blindSpots: list(
    object({
      build,
      module: text,
      sink: text,
      site: address,
      reach,
      reason,
      file: optional(text),
      export: optional(text),
      registry: optional(list(object({ key: text, value: text }))),
      detail: text,
      when: optional(when),
    }),
  ),
  verdict: both(object({ kind: oneOf('open', 'closed'), reason: text, sites: list(openSite) }), (value, at) => {
    const { kind, sites } = value as { readonly kind: string; readonly sites: readonly unknown[] };
    if (kind === 'open' && sites.length === 0) throw new FormatError(`${at}.sites: a list of at least 1 is expected`);
  }),
  generic: list(object({ image: text, why: text }), 0, MOST_CHILDREN),
  documents: list(object({ build, target: text, module: text, site: address, sink: text })),
  loads: optional(list(both(placed, load))),
  classes: optional(list(both(placed, comClass))),
  notes: list(object({ about: text, text })),
});
