// What PowerShell's own records say was run: commands with their parameters (4103, 800), and scripts (4104).

import { type AccountRecord, optional } from '../../record.ts';
import type { ActorSeen } from '../../sighting.ts';
import type { Intent } from './intent.ts';
import { invocationIntents, type RunProgram } from './powershell/script-intents.ts';
import { isOf, userOf } from './process-record.ts';

export interface Invocations {
  readonly intents: readonly Intent[];
  /** Intents of commands that ended with an error. */
  readonly failed: ReadonlySet<Intent>;
  readonly actor: ActorSeen;
}

/** A line of the payload that begins something new: "CommandInvocation(X): ...", in the language of Windows. */
const HEAD = /^[^\s()":]{1,64}\(([^()"\r\n]{1,256})\): ?/;
const BINDING = /^[^"=\r\n]{1,64}="([^"]{0,256})"; [^"=\r\n]{1,64}="/;
const ERROR = /^(?:Non)?TerminatingError\(/;
/** Characters of a payload that are read. */
const LONGEST = 1 << 22;

interface Invocation {
  readonly name: string;
  readonly parameters: Map<string, string[]>;
  isFailed: boolean;
}

/** undefined of a record of another kind. */
export function invocationsIn(record: AccountRecord, run: RunProgram): Invocations | undefined {
  if ((record.id !== 4103 && record.id !== 800) || !isOf(record, 'powershell')) return undefined;
  // 800 has texts without names; what is not the payload has no line of this form.
  const texts = record.event.data.map(([, text]) => text);
  const context = record.value('ContextInfo') ?? texts.find((text) => /^\s*HostApplication=/m.test(text)) ?? '';
  const intents: Intent[] = [];
  const failed = new Set<Intent>();
  for (const text of texts) {
    if (text === context) continue;
    for (const one of invocationsOf(text.slice(0, LONGEST))) {
      const found = invocationIntents(one.name, one.parameters, run);
      intents.push(...found);
      if (one.isFailed) for (const each of found) failed.add(each);
    }
  }
  return { intents, failed, actor: actorOf(record, context) };
}

function invocationsOf(payload: string): readonly Invocation[] {
  const found: Invocation[] = [];
  const byName = new Map<string, Invocation>();
  let last: { readonly values: string[]; text: string } | undefined;
  const end = (): void => {
    last?.values.push(last.text.replace(/"\s*$/, ''));
    last = undefined;
  };
  for (const line of payload.split(/\r?\n/)) {
    const head = HEAD.exec(line);
    if (!head) {
      // A value of several lines.
      if (last) last.text += `\n${line}`;
      continue;
    }
    end();
    const name = head[1].toLowerCase();
    const rest = line.slice(head[0].length);
    const binding = BINDING.exec(rest);
    const before = byName.get(name);
    if (ERROR.test(line)) {
      if (before) before.isFailed = true;
    } else if (!binding) {
      const one: Invocation = { name, parameters: new Map(), isFailed: false };
      byName.set(name, one);
      found.push(one);
    } else if (before) {
      const key = binding[1].toLowerCase();
      const values = before.parameters.get(key) ?? [];
      before.parameters.set(key, values);
      last = { values, text: rest.slice(binding[0].length) };
    }
  }
  end();
  return found;
}

/** Who ran it: the record's user, by name where the context has that. */
export function actorOf(record: AccountRecord, context: string): ActorSeen {
  const { userId, processId } = record.event.system;
  const user = /^\s{0,64}User(?:Id)? ?= ?(\S.{0,512}?)[ \t]{0,64}\r?$/m.exec(context)?.[1];
  const line = /^\s{0,64}Host ?Application ?= ?(\S.{0,4096}?)[ \t]{0,64}\r?$/m.exec(context)?.[1];
  const pid = Number(processId);
  return {
    ...userOf(user),
    ...(userId !== undefined && /^S-1-/i.test(userId) ? { sid: userId } : {}),
    process: { ...(pid > 0 ? { pid } : {}), ...optional('commandLine', line) },
  };
}
