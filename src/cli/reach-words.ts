// How the program comes to a call, and without which arguments of the parent it does not, in words.
import type { Reach, When } from '../children/document.ts';
import { brief, listed } from './print.ts';

/** How the program comes to the site, in words; empty for the plain case, code of the image itself. */
export function reachWords(reach: Reach): string {
  switch (reach) {
    case 'image':
      return '';
    case 'vtable':
      return 'reached through a virtual function table';
    case 'callback':
      return 'reached as a callback';
    case 'module-only':
      return 'in a module it loads, but no way to the code was found';
    case 'other-process':
      return 'in code that runs in another process';
    default: {
      const name = brief(reach.slice(reach.indexOf(':') + 1));
      return reach.startsWith('export:') ? `reached by the export ${name}` : `in ${name}, loaded at run time`;
    }
  }
}

/** `the parent's command line holds "-k" or "/k", and "-s"`. */
export function whenWords({ parentArguments }: When): string {
  const each = parentArguments.map(({ anyOf }) =>
    listed(
      anyOf.map((text) => `"${brief(text)}"`),
      'or',
    ),
  );
  return `the parent's command line holds ${each.join(', and ')}`;
}
