// What an imported function takes back of what Windows keeps for the program.
import type { Call } from './call.ts';
import { textArgument } from './role-texts.ts';
import { keptMessage } from './roles/messages.ts';
import { offsetOf, type Role } from './roles/role.ts';
import { UNSET, type ValueId } from './values.ts';
import type { Write } from './writes.ts';

/** The number or the name under which something is kept. */
export function keptKey(call: Call, role: { readonly key: number; readonly named?: true }): ValueId {
  const key = call.argument(role.key);
  const isNumber = (call.table.number(key) ?? Number.POSITIVE_INFINITY) < 0x10000;
  return role.named && !isNumber ? textArgument(call, role.key, undefined) : key;
}

/** What a call takes back. */
export function taken(call: Call, role: Role & { kind: 'take' }): ValueId {
  return call.table.kept(role.place, keptKey(call, role), call.site);
}

/** What a message gives back of what a control keeps: by its result, or as a write. */
export function takenByMessage(
  call: Call,
  role: Role & { kind: 'message' },
  by: string,
): { returned?: ValueId; write?: Write } {
  const { table, site } = call;
  const message = keptMessage(table.number(call.argument(role.message)));
  if (!message || message.does === 'put') return {};
  const size = call.initial.pointerSize;
  const kept = table.kept(message.place, role.item === undefined ? UNSET : call.argument(role.item), site);
  if (message.does === 'copy') {
    const text = (): ValueId => call.text(kept, role.wide);
    return { write: { kind: 'text', to: call.argument(role.to), by: `${message.name} of ${by}`, text } };
  }
  if (!message.field) return { returned: kept };
  const to = table.add(call.argument(role.to), offsetOf(message.field, size));
  return { write: { kind: 'word', to, width: size, value: () => kept } };
}
