// An event of any log as JSON in the shape of evtx_dump, and as XML in the shape of event.xsd.

import { xmlText } from '../evtx/index.ts';
import { type LogEvent, SYSTEM_PLACES, type SystemName } from '../logs/index.ts';

type Json = Record<string, unknown>;

/** Elements of System that are numbers. */
const NUMBERS: ReadonlySet<string> = new Set(['EventID', 'Version', 'Level', 'Task', 'Opcode', 'EventRecordID']);
/** A number as JSON writes it, which a double holds. */
const IS_NUMBER = /^(0|[1-9]\d{0,14})$/;

/** One line of JSON: `{"Event":{"System":{...},"EventData":{...}}}`; further fields of one name are a list of it. */
export function eventJson({ system, data, container }: LogEvent): string {
  const own: Json = {};
  for (const [element, attributes, text] of systemElements(system)) {
    const told = Object.keys(attributes).length > 0 ? { '#attributes': attributes } : undefined;
    const value = text !== undefined && IS_NUMBER.test(text) && NUMBERS.has(element) ? Number(text) : text;
    if (told) own[element] = value === undefined ? told : { ...told, '#text': value };
    else if (value !== undefined) own[element] = value;
  }
  const event: Json = { System: own };
  if (container !== '') {
    const fields = new Map<string, string[]>();
    for (const [name, text] of data) {
      const known = fields.get(name);
      if (known) known.push(text);
      else fields.set(name, [text]);
    }
    event[container] = Object.fromEntries(
      [...fields].map(([name, texts]) => [name, texts.length > 1 ? texts : texts[0]]),
    );
  }
  return JSON.stringify({ Event: event });
}

const NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';

/** The XML of an event; its data as Data elements, whatever they were. */
export function eventXml({ system, data, container }: LogEvent): string {
  const own = systemElements(system).map(([element, attributes, text]) => {
    const told = Object.entries(attributes)
      .map(([name, value]) => ` ${name}="${xmlText(value, true)}"`)
      .join('');
    return text === undefined ? `<${element}${told}/>` : `<${element}${told}>${xmlText(text, false)}</${element}>`;
  });
  const fields = data
    .map(([name, text]) => `<Data Name="${xmlText(name, true)}">${xmlText(text, false)}</Data>`)
    .join('');
  const inner = container === '' ? '' : `<${container}>${fields}</${container}>`;
  return `<Event xmlns="${NAMESPACE}"><System>${own.join('')}</System>${inner}</Event>`;
}

type SystemElement = readonly [name: string, attributes: Readonly<Record<string, string>>, text: string | undefined];

/** The elements of System that an event has, in the order of event.xsd. */
function systemElements(system: LogEvent['system']): readonly SystemElement[] {
  const elements = new Map<string, { attributes: Record<string, string>; text?: string }>();
  for (const name of Object.keys(SYSTEM_PLACES) as SystemName[]) {
    const value = system[name];
    if (value === undefined) continue;
    const [element, attribute] = SYSTEM_PLACES[name];
    const place = elements.get(element) ?? { attributes: {} };
    if (attribute === '') place.text = value;
    else place.attributes[attribute] = value;
    elements.set(element, place);
  }
  return [...elements].map(([name, { attributes, text }]) => [name, attributes, text]);
}
