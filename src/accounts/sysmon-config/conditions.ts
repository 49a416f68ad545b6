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
      return wanted.split(';').includes(value);
    case 'contains':
      return contains(value, wanted);
    case 'contains any':
      return parts(wanted).some((part) => contains(value, part));
    case 'contains all':
      return parts(wanted).every((part) => contains(value, part));
    case 'excludes':
      return !contains(value, wanted);
    case 'excludes any':
      return !parts(wanted).some((part) => contains(value, part));
    case 'excludes all':
      return !parts(wanted).every((part) => contains(value, part));
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

/** An empty part stands for all that follows it in the list: a ";" at the end matches whatever is not empty. */
function parts(list: string): readonly string[] {
  const found: string[] = [];
  let at = 0;
  for (const part of list.split(';')) {
    found.push(part === '' ? list.slice(at) : part);
    at += part.length + 1;
  }
  return found;
}

/** Whether a list of values has an empty part. */
export function hasEmptyPart(list: string): boolean {
  return list.split(';').includes('');
}

/** A rule's value as it is compared: in lower case, with %SystemRoot% and the like expanded; a variable that is not known stays. */
export function comparable(ruleValue: string): string {
  return ruleValue.toLowerCase().replace(/%([^%]+)%/g, (whole, name) => VARIABLES.get(name)?.toLowerCase() ?? whole);
}
