// An event's tree as XML: one line, without a declaration, as Windows writes events that are queried.

import type { Content, Element } from './tree.ts';
import { isEmpty, valueText } from './value-text.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
/** Characters that XML 1.0 has no way to write; Windows writes an underscore. */
const NO_XML = /(?![\t\n\r\x7f-\x9f])[\p{Cc}\ufffe\uffff]/gu;

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
  return content.map((one) => oneOf(one, isAttribute)).join('');
}

function oneOf(one: Content, isAttribute: boolean): string {
  switch (one.kind) {
    case 'element':
      return xmlOf(one.element);
    case 'text':
      return one.entity ? `&${one.entity};` : xmlText(one.text, isAttribute);
    case 'value':
      return isEmpty(one.value) ? '' : xmlText(valueText(one.value), isAttribute);
    case 'instruction':
      return isAttribute ? '' : `<?${one.target} ${one.text.replaceAll('?>', '? >')}?>`;
  }
}

/** Text as XML has it, in an element or in an attribute's double quotes. */
export function xmlText(text: string, isAttribute: boolean): string {
  return text
    .replace(NO_XML, '_')
    .replace(isAttribute ? /[&<>"'\r\n\t]/g : /[&<>]/g, (found) => ESCAPES[found] ?? `&#${found.charCodeAt(0)};`);
}
