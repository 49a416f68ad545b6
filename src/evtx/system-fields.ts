// Where an event's own fields stand in a template: the elements and attributes of System, each a text or a substitution.

import type { AttributeNode, ContentNode, ElementNode } from './fragment.ts';

/** The fields of System, and the element and attribute that hold each. */
export const SYSTEM_PLACES = {
  provider: ['Provider', 'Name'],
  providerGuid: ['Provider', 'Guid'],
  eventSourceName: ['Provider', 'EventSourceName'],
  eventId: ['EventID', ''],
  qualifiers: ['EventID', 'Qualifiers'],
  version: ['Version', ''],
  level: ['Level', ''],
  task: ['Task', ''],
  opcode: ['Opcode', ''],
  keywords: ['Keywords', ''],
  timeCreated: ['TimeCreated', 'SystemTime'],
  recordId: ['EventRecordID', ''],
  activityId: ['Correlation', 'ActivityID'],
  relatedActivityId: ['Correlation', 'RelatedActivityID'],
  processId: ['Execution', 'ProcessID'],
  threadId: ['Execution', 'ThreadID'],
  channel: ['Channel', ''],
  computer: ['Computer', ''],
  userId: ['Security', 'UserID'],
} as const;

export type SystemName = keyof typeof SYSTEM_PLACES;
export const SYSTEM_NAMES = Object.keys(SYSTEM_PLACES) as readonly SystemName[];

/** A field of System: the text that the template has, or the number of the value; neither where it is not there. */
export interface SystemField {
  readonly text: string | undefined;
  readonly index: number;
}

export type SystemFields = Readonly<Record<SystemName, SystemField>>;

const ABSENT: SystemField = { text: undefined, index: -1 };

/** The fields of the event whose element is `root`. */
export function systemFields(root: ElementNode | undefined): SystemFields {
  const system = root && childOf(root, 'System');
  const fields = SYSTEM_NAMES.map((name) => {
    const [element, attribute] = SYSTEM_PLACES[name];
    const place = system && childOf(system, element);
    return [name, fieldOf(attribute === '' ? place?.content : attributeOf(place, attribute)?.content)] as const;
  });
  return Object.fromEntries(fields) as Record<SystemName, SystemField>;
}

function childOf(element: ElementNode, name: string): ElementNode | undefined {
  return element.content.find((node): node is ElementNode => node.kind === 'element' && node.name === name);
}

function attributeOf(element: ElementNode | undefined, name: string): AttributeNode | undefined {
  return element?.attributes.find((one) => one.name === name);
}

function fieldOf(content: readonly ContentNode[] | undefined): SystemField {
  if (content?.length !== 1) return ABSENT;
  const [node] = content;
  if (node.kind === 'text') return { text: node.text, index: -1 };
  return node.kind === 'substitution' ? { text: undefined, index: node.index } : ABSENT;
}
