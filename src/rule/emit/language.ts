// What a rule language is to Winnow: an id, the taxonomies it writes for, and one pure function from a rule to text.
import type { Rule } from '../rule.ts';
import type { Taxonomy, TaxonomyId } from '../taxonomy.ts';

export interface Language {
  /** The name on the command line. */
  readonly id: string;
  readonly title: string;
  /** File extension of a rule, with the dot. */
  readonly extension: string;
  /** Whose names it writes where none is asked for. */
  readonly taxonomy: Taxonomy;
  /** Others that may be asked for. */
  readonly others?: readonly TaxonomyId[];
  /**
   * `taxonomy` is the language's own or one of `others`. Throws UnsupportedError for what the language or its table cannot say; never writes a
   * weaker rule. Ends with a newline.
   */
  readonly emit: (rule: Rule, taxonomy?: Taxonomy) => string;
}
