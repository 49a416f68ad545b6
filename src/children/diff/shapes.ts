// Shapes of JSON that somebody else wrote: each says in one line where a value is not what it has to be.
import { FormatError } from '../../errors.ts';

/** Throws FormatError where `value` has another shape; `at` is where it stands: "children[3].image". */
export type Shape = (value: unknown, at: string) => void;

function refuse(at: string, expected: string): never {
  throw new FormatError(`${at === '' ? 'the document' : at}: ${expected} is expected`);
}

export const text: Shape = (value, at) => {
  if (typeof value !== 'string') refuse(at, 'a text');
};

export const flag: Shape = (value, at) => {
  if (typeof value !== 'boolean') refuse(at, 'true or false');
};

export const matching =
  (pattern: RegExp, what: string): Shape =>
  (value, at) => {
    if (typeof value !== 'string' || !pattern.test(value)) refuse(at, what);
  };

export const oneOf =
  (...words: readonly string[]): Shape =>
  (value, at) => {
    if (typeof value !== 'string' || !words.includes(value)) refuse(at, `one of ${words.join(', ')}`);
  };

export const orNull =
  (shape: Shape): Shape =>
  (value, at) => {
    if (value !== null) shape(value, at);
  };

export const list =
  (shape: Shape, least = 0, most = Number.POSITIVE_INFINITY): Shape =>
  (value, at) => {
    if (!Array.isArray(value) || value.length < least)
      refuse(at, least === 0 ? 'a list' : `a list of at least ${least}`);
    if (value.length > most) refuse(at, `a list of at most ${most}`);
    for (let i = 0; i < value.length; i++) shape(value[i], `${at}[${i}]`);
  };

/** An object whose own names are any, with values of one shape. */
export const record =
  (shape: Shape): Shape =>
  (value, at) => {
    for (const [name, one] of Object.entries(fieldsOf(value, at))) shape(one, `${at}.${name.slice(0, 40)}`);
  };

/** An object with these fields; one whose shape is {@link optional} may be absent. What else it has is not looked at. */
export const object =
  (shapes: Readonly<Record<string, Shape>>): Shape =>
  (value, at) => {
    const fields = fieldsOf(value, at);
    for (const [name, shape] of Object.entries(shapes))
      shape(Object.hasOwn(fields, name) ? fields[name] : undefined, at === '' ? name : `${at}.${name}`);
  };

export const optional =
  (shape: Shape): Shape =>
  (value, at) => {
    if (value !== undefined) shape(value, at);
  };

function fieldsOf(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(at, 'an object');
  return value as Readonly<Record<string, unknown>>;
}
