// What emitters share about tests of values: grouping those that one list can hold, and refusing by name.
import { UnsupportedError } from '../../errors.ts';
import type { ValueTest } from '../value-test.ts';
import type { Leaf } from './boolean-text.ts';

/** The refusal of a test that a language has no words for. */
export function refusedTest(language: string, field: string, test: ValueTest): UnsupportedError {
  return new UnsupportedError(`${language} has no words for a test of ${field} by "${WORDS[test.kind]}"`);
}

/** The refusal of a leaf that a language has no words for. */
export function refusedLeaf(language: string, leaf: Leaf): UnsupportedError {
  const what = {
    match: 'a match',
    keyword: 'keywords, which may stand in any field',
    compare: 'a comparison of expressions',
    holds: 'a function that is true',
  }[leaf.kind];
  return new UnsupportedError(`${language} has no words for ${what}`);
}

const WORDS: Readonly<Record<ValueTest['kind'], string>> = {
  like: 'pattern',
  regex: 'regular expression',
  number: 'number',
  field: 'another field',
  bits: 'bits',
  time: 'part of a time',
  cidr: 'network',
  null: 'null',
  exists: 'exists',
  boolean: 'true or false',
};
