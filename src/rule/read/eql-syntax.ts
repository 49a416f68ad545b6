// What an expression of EQL says, before it is a condition: the tree that the parser makes, with places.

import type { Position } from '../condition.ts';

export type Syntax =
  | Literal
  | Path
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly hasTilde: boolean;
      readonly args: readonly Syntax[];
      readonly at: Position;
    }
  | { readonly kind: 'negative'; readonly of: Syntax; readonly at: Position }
  | {
      readonly kind: 'arithmetic';
      readonly op: '+' | '-' | '*' | '/' | '%';
      readonly left: Syntax;
      readonly right: Syntax;
      readonly at: Position;
    }
  | Comparison
  | Lookup
  | { readonly kind: 'and' | 'or'; readonly of: readonly Syntax[]; readonly at: Position }
  | { readonly kind: 'not'; readonly of: Syntax; readonly at: Position }
  | {
      readonly kind: 'related';
      readonly relation: 'descendant' | 'child' | 'event';
      readonly event: EventSyntax;
      readonly at: Position;
    };

export interface Literal {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null;
  /** A number that is written with a point or an exponent. */
  readonly isFloat: boolean;
  readonly at: Position;
}

/** A field, or a part of one, or a variable. */
export interface Path {
  readonly kind: 'path';
  /** Names and indices; the first is a name. */
  readonly parts: readonly (string | number)[];
  readonly isOptional: boolean;
  readonly at: Position;
}

export interface Comparison {
  readonly kind: 'comparison';
  readonly op: 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte';
  readonly left: Syntax;
  readonly right: Syntax;
  readonly at: Position;
}

/** `in`, `:`, `like` and `regex`, over one value or a list. */
export interface Lookup {
  readonly kind: 'lookup';
  readonly op: 'in' | 'like' | 'regex';
  readonly isCased: boolean;
  readonly isNegated: boolean;
  readonly of: Syntax;
  readonly values: readonly Syntax[];
  readonly at: Position;
}

/** `category where condition`; the category null for `any`. */
export interface EventSyntax {
  readonly category: string | null;
  readonly where: Syntax;
}
