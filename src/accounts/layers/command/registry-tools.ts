// What reg.exe and regedit.exe would change in the SAM's keys, and in the list of accounts that the sign-in screen hides.

import { samKeyOf, userListName } from '../registry/sam-key.ts';
import { accountOf, type Intent, intent, unknownNote } from './intent.ts';

/** Roots as reg.exe takes them, and as PowerShell's drives do. */
const ROOTS = /^(?:\\\\[^\\]+\\)?(?:registry::)?(?:hkey_local_machine|hklm:?|machine)\\/i;
const USER_LIST = /\\Winlogon\\SpecialAccounts\\UserList\\?$/i;

/** What a value's write or deletion at a key would change; undefined of a key that is about no account. `data` is as the command gives it. */
export function registryIntent(
  act: 'set' | 'delete',
  key: string,
  value: string | undefined,
  data: string | undefined,
): Intent | undefined {
  const path = key
    .trim()
    .slice(0, 1024)
    .replaceAll('/', '\\')
    .replace(ROOTS, 'HKLM\\')
    .replace(/\\{1,16}$/, '');
  if (USER_LIST.test(path)) return userListIntent(act, path, value, data);
  const sam = samKeyOf(value === undefined ? path : `${path}\\${value}`);
  if (!sam || sam.kind === 'other') return undefined;
  const notes = ['by a write to the SAM in the registry, which Windows itself leaves to lsass.exe'];
  switch (sam.kind) {
    case 'user-name':
      return intent(act === 'set' ? 'account-resurrected-by-registry' : 'account-deleted', {
        account: { name: sam.name },
        scope: 'local',
        notes,
      });
    case 'user':
      return userIntent(act, sam.rid, sam.value?.toLowerCase(), notes);
    case 'alias':
      if (act === 'delete' && sam.value === undefined)
        return intent('group-deleted', {
          group: sam.isBuiltin ? { sid: `S-1-5-32-${sam.rid}`, rid: sam.rid } : { rid: sam.rid },
          scope: 'local',
          notes,
        });
      return sam.value?.toLowerCase() === 'c'
        ? intent('membership-changed', {
            group: sam.isBuiltin ? { sid: `S-1-5-32-${sam.rid}`, rid: sam.rid } : { rid: sam.rid },
            scope: 'local',
            notes,
          })
        : undefined;
    case 'alias-name':
      return intent(act === 'set' ? 'group-created' : 'group-deleted', {
        group: { name: sam.name },
        scope: 'local',
        notes,
      });
    case 'alias-member':
      return intent('membership-changed', {
        member: { sid: `${sam.sid}-${sam.rid}`, rid: sam.rid },
        scope: 'local',
        notes,
      });
  }
}

function userIntent(
  act: 'set' | 'delete',
  rid: number,
  value: string | undefined,
  notes: readonly string[],
): Intent | undefined {
  const parts = { account: { rid }, scope: 'local', notes };
  if (act === 'delete') return value === undefined ? intent('account-deleted', parts) : undefined;
  switch (value) {
    case undefined:
    case 'v':
      return intent('account-resurrected-by-registry', parts);
    case 'f':
      return intent('rid-hijack-suspected', parts);
    case 'forcepasswordreset':
    case 'resetdata':
      return intent('password-setting-changed', parts);
    case 'userdontshowinlogonui':
      return intent('account-hidden', parts);
    default:
      return undefined;
  }
}

function userListIntent(
  act: 'set' | 'delete',
  path: string,
  value: string | undefined,
  data: string | undefined,
): Intent | undefined {
  const name = value === undefined ? undefined : userListName(`${path}\\${value}`);
  if (value !== undefined && name === undefined) return undefined;
  const account = accountOf(name);
  if (act === 'delete')
    return intent('account-changed', {
      account,
      notes: ['shown on the sign-in screen again', ...unknownNote('account', name)],
    });
  if (name === undefined) return undefined;
  // 0 hides the account on the sign-in screen, 1 shows it.
  const isHidden = data === undefined || /^(?:0x)?0+$/i.test(data.trim()) || data.trim() === '';
  return isHidden
    ? intent('account-hidden', { account, notes: unknownNote('account', name) })
    : intent('account-changed', { account, notes: ['shown on the sign-in screen again'] });
}

/** `words` are those behind reg.exe. */
export function regIntents(words: readonly string[]): readonly Intent[] {
  const verb = words[0]?.toLowerCase();
  const key = words[1];
  if (key === undefined) return [];
  switch (verb) {
    case 'add':
    case 'delete': {
      const isDefault = words.some((word) => /^[-/]ve$/i.test(word));
      const value = isDefault ? '(Default)' : behind(words, 'v');
      const found = registryIntent(verb === 'add' ? 'set' : 'delete', key, value, behind(words, 'd'));
      return found ? [found] : [];
    }
    case 'import':
      return [importIntent(key)];
    case 'restore':
    case 'copy': {
      const target = verb === 'copy' ? words[2] : key;
      return target !== undefined && /^(?:hklm|hkey_local_machine)\\sam(?:\\|$)/i.test(target)
        ? [
            intent('account-resurrected-by-registry', {
              scope: 'local',
              notes: [`reg ${verb} replaces keys of the SAM: the command does not show which accounts`],
            }),
          ]
        : [];
    }
    case 'load':
      return /[\\/]sam$/i.test(words[2] ?? '')
        ? [
            intent('account-changed', {
              scope: 'local',
              isSupport: true,
              notes: ['loads a hive of a SAM to be edited'],
            }),
          ]
        : [];
    default:
      return [];
  }
}

function behind(words: readonly string[], name: string): string | undefined {
  const at = words.findIndex((word) => word.length === 2 && /^[-/]/.test(word) && word[1].toLowerCase() === name);
  return at < 0 ? undefined : words[at + 1];
}

/** Goes with what the registry's layer sees: the file's content is not in the record. */
function importIntent(file: string): Intent {
  return intent('account-resurrected-by-registry', {
    scope: 'local',
    isSupport: true,
    notes: [`imports ${file.slice(-512)} into the registry, whose content the command does not show`],
  });
}

/** regedit.exe takes a file of keys as its word; /e exports, /d deletes a key. */
export function regeditIntents(words: readonly string[]): readonly Intent[] {
  if (words.some((word) => /^[-/]e/i.test(word))) return [];
  const file = words.find((word) => !/^[-/][a-z]{1,8}(?::|$)/i.test(word));
  return file === undefined ? [] : [importIntent(file)];
}
