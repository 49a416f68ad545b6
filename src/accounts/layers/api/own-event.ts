// Calls in the schema of our own: a line of JSON a call, winnow.accounts-api-event/1 (docs/formats/accounts-api-event-1.schema.json).

import { fieldKey } from '../../../logs/event.ts';
import { ticksOf } from '../../../logs/log-time.ts';
import { type AccountRecord, logonIdOf } from '../../record.ts';
import { type ApiCall, actorOf } from './api-call.ts';
import { apiOf } from './api-table.ts';

export const API_EVENT_SCHEMA = 'winnow.accounts-api-event/1';

const ARGUMENTS = 'arguments.';

/** The call that an event tells; undefined of an event in another form. Without `schema` its `api` must be one that is known. */
export function ownCall(record: AccountRecord): ApiCall | undefined {
  const { event } = record;
  if (event.system.eventId !== undefined) return undefined;
  const api = record.value('api');
  if (api === undefined) return undefined;
  const schema = record.value('schema');
  if (schema === undefined ? apiOf(api) === undefined : schema !== API_EVENT_SCHEMA) return undefined;
  const told = new Map<string, string[]>();
  for (const [name, text] of event.data) {
    const key = fieldKey(name);
    if (!key.startsWith(ARGUMENTS)) continue;
    const argument = key.slice(ARGUMENTS.length);
    const values = told.get(argument);
    if (values) values.push(text);
    else told.set(argument, [text]);
  }
  return {
    api,
    at: ticksOf(record.value('time') ?? '') ?? record.at,
    host: record.value('host') ?? record.host,
    actor: actorOf({
      user: record.value('user'),
      domain: record.value('domain'),
      sid: record.value('sid'),
      logonId: logonIdOf(record.value('logonId')),
      source: record.value('source'),
      image: record.value('image'),
      pid: record.value('pid'),
      commandLine: record.value('commandLine'),
      parentImage: record.value('parentImage'),
    }),
    arguments: told,
    result: record.raw('result'),
    outcome: 'attempt',
    record,
  };
}
