// What a value of a field must be: plain tagged data, the same for every language that rules are read from and written in.

import type { Network } from './network.ts';
import type { TextPattern } from './pattern.ts';

export type ValueTest =
  | LikeTest
  | RegexTest
  | NumberTest
  | FieldTest
  | BitsTest
  | TimeTest
  /** An address within the network. */
  | { readonly kind: 'cidr'; readonly network: Network }
  /** The field is not there, or is empty. */
  | { readonly kind: 'null' }
  /** The field is there, or is not. */
  | { readonly kind: 'exists'; readonly wanted: boolean }
  /** The field is yes or no. */
  | { readonly kind: 'boolean'; readonly wanted: boolean };

/** The whole value fits the pattern. */
export interface LikeTest {
  readonly kind: 'like';
  readonly pattern: TextPattern;
  /** Letter case counts. */
  readonly cased: boolean;
}

export interface RegexTest {
  readonly kind: 'regex';
  /** As it was written, without delimiters. */
  readonly source: string;
  /** `perl`: what Sigma's `re` and most languages take. `lucene`: that of Elasticsearch, which has other special characters and no anchors. */
  readonly syntax: 'perl' | 'lucene';
  /** It covers the whole value, not some part of it. */
  readonly whole: boolean;
  readonly cased: boolean;
  /** `^` and `$` stand at lines' ends too. */
  readonly multiline: boolean;
  /** `.` stands for line ends too. */
  readonly dotAll: boolean;
}

export type Order = 'lt' | 'lte' | 'gt' | 'gte';

export interface NumberTest {
  readonly kind: 'number';
  readonly op: 'eq' | Order;
  readonly than: number;
}

/** It is the value of another field, or begins with it, ends with it, has it somewhere. */
export interface FieldTest {
  readonly kind: 'field';
  readonly name: string;
  readonly part: 'whole' | 'start' | 'end' | 'anywhere';
  readonly cased: boolean;
}

/** Of the number's bits in `mask`: all are set, or at least one is. */
export interface BitsTest {
  readonly kind: 'bits';
  readonly mask: bigint;
  readonly wanted: 'all' | 'any';
}

/** A part of a point in time, UTC; weeks as ISO 8601 counts them. */
export interface TimeTest {
  readonly kind: 'time';
  readonly part: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';
  readonly op: 'eq' | Order;
  readonly than: number;
}
