// An event's tree as XML: one line, without a declaration, as Windows writes events that are queried.

import type { Content, Element } from './tree.ts';
import { isEmptyValue, valueText } from './value-text.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
/** Characters that XML 1.0 has no way to write; Windows writes an underscore. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are the ones that are meant
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** The XML of an element and all that is in it. */
export function xmlOf({ name, attributes, content, isClosed }: Element): string {
  const told = attributes
    .map((one) => [one.name, contentOf(one.content, true)] as const)
    .filter(([, text]) => text !== '')
    .map(([key, text]) => ` ${key}="${text}"`)
    .join('');
  const within = contentOf(content, false);
  return isClosed ? `<${name}${told}/>` : `<${name}${told}>${within}</${name}>`;
}

function contentOf(content: readonly Content[], isAttribute: boolean): string {
  return content
    .map((one) => {
      switch (one.kind) {
        case 'element':
          return xmlOf(one.element);
        case 'text':
          return escaped(one.text, isAttribute);
        case 'value':
          return isEmptyValue(one.value) ? '' : escaped(valueText(one.value), isAttribute);
        case 'instruction':
          return isAttribute ? '' : `<?${one.target} ${one.text.replaceAll('?>', '? >')}?>`;
      }
    })
    .join('');
}

function escaped(text: string, isAttribute: boolean): string {
  return text
    .replace(NO_XML, '_')
    .replace(isAttribute ? /[&<>"'\r\n\t]/g : /[&<>]/g, (found) => ESCAPES[found] ?? `&#${found.charCodeAt(0)};`);
}
