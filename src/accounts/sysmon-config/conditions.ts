// Whether one condition of a Sysmon rule holds for a field's value, as MatchFilterOnSpecificRule of Sysmon's rules.c decides it.

import { type Condition, VARIABLES } from './schema.ts';

/**
 * `wanted` is what comparable() made of the rule's value. Letter case never counts. The order of "less than" is that of texts, also of numbers.
 */
export function holds(condition: Condition, wanted: string, fieldValue: string): boolean {
  const value = fieldValue.toLowerCase();
  switch (condition) {
    case 'is':
      return value === wanted;
    case 'is not':
      return value !== wanted;
    case 'is any':
      return !value.includes(';') && `;${wanted};`.includes(`;${value};`);
    case 'contains':
      return contains(value, wanted);
    case 'contains any':
      return isAnyPart(wanted, value, true);
    case 'contains all':
      return !isAnyPart(wanted, value, false);
    case 'excludes':
      return !contains(value, wanted);
    case 'excludes any':
      return !isAnyPart(wanted, value, true);
    case 'excludes all':
      return isAnyPart(wanted, value, false);
    case 'begin with':
      return value.startsWith(wanted);
    case 'not begin with':
      return !value.startsWith(wanted);
    case 'end with':
      return value.endsWith(wanted);
    case 'not end with':
      return !value.endsWith(wanted);
    case 'less than':
      return value < wanted;
    case 'more than':
      return value > wanted;
    case 'image':
      return (wanted.includes('\\') ? value : value.slice(value.lastIndexOf('\\') + 1)) === wanted;
  }
}

/** An empty field contains nothing, not even the empty text. */
function contains(value: string, part: string): boolean {
  return value !== '' && value.includes(part);
}

/**
 * Whether any part of a list is in the value (`isIn`), or any is not. An empty part stands for all that follows it in the list: a ";" at the end
 * is in whatever is not empty.
 */
function isAnyPart(list: string, value: string, isIn: boolean): boolean {
  for (let at = 0; ; ) {
    const next = list.indexOf(';', at);
    const end = next < 0 ? list.length : next;
    const stop = end === at ? list.length : end;
    // Nothing is cut out of long lists that no value is long enough for.
    if ((stop - at <= value.length && contains(value, list.slice(at, stop))) === isIn) return true;
    if (next < 0) return false;
    at = next + 1;
  }
}

/** Whether a list of values has an empty part. */
export function hasEmptyPart(list: string): boolean {
  return list.split(';').includes('');
}

/** A rule's value as it is compared: in lower case, with %SystemRoot% and the like expanded; a variable that is not known stays. */
export function comparable(ruleValue: string): string {
  return ruleValue.toLowerCase().replace(/%([^%]+)%/g, (whole, name) => VARIABLES.get(name)?.toLowerCase() ?? whole);
}
