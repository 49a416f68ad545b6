// Accounts and groups through ADSI's WinNT provider: [ADSI]"WinNT://HOST/NAME,user" and the methods called on it.

import { accountOf, groupOf, type Intent, intent, settingOf, UNKNOWN, unknownNote } from '../intent.ts';
import type { IsRun } from './commands.ts';
import type { Script } from './script.ts';

/** WinNT://HOST/NAME,class */
interface Place {
  readonly host: string;
  readonly name: string | undefined;
  readonly kind: 'user' | 'group' | undefined;
  /** It was made by Create, so that what is set belongs to the creation. */
  readonly isNew?: boolean;
}

const PATH = /^WinNT:\/\/([^/,]{0,255})(?:\/([^/,]{1,255}))?(?:\/([^/,]{1,255}))?(?:,(\w{1,32}))?$/i;

function placeOf(path: string): Place | undefined {
  const found = PATH.exec(path.trim());
  if (!found) return undefined;
  const [, first, second, third, type] = found;
  const kind = type?.toLowerCase();
  const plain = kind === 'user' || kind === 'group' ? kind : undefined;
  // WinNT://DOMAIN/HOST/NAME
  return { host: third === undefined ? first : second, name: third ?? second, kind: plain };
}

/** Whom a path names, as a member. */
function memberOf(path: string): ReturnType<typeof accountOf> {
  const place = placeOf(path);
  if (!place) return /^WinNT:/i.test(path) ? undefined : accountOf(path);
  if (place.name === undefined) return accountOf(place.host);
  const isHere = place.host === '.' || place.host === '' || place.host.includes(UNKNOWN);
  return accountOf(isHere ? place.name : `${place.host}\\${place.name}`);
}

/** UserFlags (ADS_USER_FLAG_ENUM): ADS_UF_ACCOUNTDISABLE. */
const DISABLED = 2;

/** Parentheses around parentheses that are looked into for a path. */
const DEEPEST = 8;

export function adsiIntents(script: Script, isRun: IsRun): readonly Intent[] {
  return new AdsiReader(script, isRun).all();
}

class AdsiReader {
  readonly #script: Script;
  readonly #isRun: IsRun;
  readonly #places = new Map<string, Place>();

  constructor(script: Script, isRun: IsRun) {
    this.#script = script;
    this.#isRun = isRun;
  }

  all(): readonly Intent[] {
    const { tokens } = this.#script;
    const found: Intent[] = [];
    for (let i = 0; i < tokens.length; i++) {
      const { kind, text } = tokens[i];
      if (kind === 'variable' && tokens[i + 1]?.kind === 'assign') {
        const place = this.#pathAt(i + 2, 0);
        if (place) this.#places.set(text, place);
      }
      if (kind !== 'member' || !this.#isRun(i)) continue;
      const after = tokens[i + 1];
      if (after?.kind === 'open' && after.text === '(' && after.isGlued)
        found.push(...this.#call(i, text, this.#values(i + 1)));
      else if (after?.kind === 'assign')
        found.push(...this.#property(i, text, this.#script.expression(i + 2, 0).texts));
    }
    return found;
  }

  /** The arguments of a call; a path that is made in one counts as its text. */
  #values(open: number): readonly string[] {
    const { tokens } = this.#script;
    const end = this.#script.closing(open);
    const found: string[] = [];
    for (let i = open + 1; i < end && found.length < 16; ) {
      const path = this.#winntText(i, 0);
      const value = this.#script.expression(i, 0, true);
      found.push(path ?? value.texts[0] ?? '');
      i = Math.max(value.next, i + 1);
      while (i < end && tokens[i].kind !== 'comma') i = tokens[i].kind === 'open' ? this.#script.behind(i) : i + 1;
      i++;
    }
    return found;
  }

  /** The path in `[ADSI]"WinNT://..."`, in parentheses or not, or behind New-Object. */
  #winntText(at: number, depth: number): string | undefined {
    const { tokens } = this.#script;
    for (let i = at; i < Math.min(at + 8, tokens.length); i++) {
      const { kind, text } = tokens[i];
      if (kind === 'string') {
        const made = this.#script.resolved(text);
        return /^WinNT:\/\//i.test(made) ? made : undefined;
      }
      if (kind === 'variable') {
        const { texts } = this.#script.argument(i);
        if (/^WinNT:\/\//i.test(texts[0] ?? '')) return texts[0];
        const place = this.#places.get(text);
        return (
          place &&
          `WinNT://${place.host}${place.name === undefined ? '' : `/${place.name}`}${place.kind ? `,${place.kind}` : ''}`
        );
      }
      if (kind === 'open' && (text === '(' || text === '$(') && depth < DEEPEST) {
        const sum = this.#script.expression(i, 0).texts[0] ?? '';
        return /^WinNT:\/\//i.test(sum) ? sum : this.#winntText(i + 1, depth + 1);
      }
      if (kind === 'type' || (kind === 'word' && OBJECT.test(text)) || kind === 'parameter') continue;
      return undefined;
    }
    return undefined;
  }

  /** What a variable is given: a path, or what Create makes. */
  #pathAt(at: number, depth: number): Place | undefined {
    const { tokens } = this.#script;
    const first = tokens[at];
    if (first?.kind === 'variable') {
      // $user = $computer.Create("User", "name")
      let i = at + 1;
      while (tokens[i]?.kind === 'member' && tokens[i].text !== 'create') i++;
      if (tokens[i]?.text === 'create' && tokens[i + 1]?.text === '(') {
        const [type, name] = this.#values(i + 1);
        const kind = type?.toLowerCase();
        if (kind === 'user' || kind === 'group')
          return { host: this.#places.get(first.text)?.host ?? '.', name, kind, isNew: true };
      }
      return tokens[at + 1]?.kind === 'member' ? undefined : this.#places.get(first.text);
    }
    if (
      first?.kind === 'type'
        ? !ADSI.test(first.text)
        : first?.kind === 'word'
          ? !OBJECT.test(first.text)
          : first?.kind !== 'open'
    )
      return undefined;
    const path = this.#winntText(at, depth);
    return path === undefined ? undefined : placeOf(path);
  }

  /** The object whose member is at `at`. */
  #receiver(at: number): { readonly place: Place | undefined; readonly isAdsi: boolean } {
    const { tokens } = this.#script;
    let i = at - 1;
    // .psbase, .Path
    while (i >= 0 && tokens[i].kind === 'member') i--;
    if (i < 0) return { place: undefined, isAdsi: false };
    if (tokens[i].kind === 'variable') return { place: this.#places.get(tokens[i].text), isAdsi: false };
    if (tokens[i].kind !== 'close') return { place: undefined, isAdsi: false };
    const open = this.#script.opening(i);
    const path = open === undefined ? undefined : this.#winntText(open + 1, 0);
    return { place: path === undefined ? undefined : placeOf(path), isAdsi: path !== undefined };
  }

  #call(at: number, method: string, values: readonly string[]): readonly Intent[] {
    // psbase.Invoke("Add", ...)
    if (method === 'invoke' || method === 'invokeset') {
      const [name, ...rest] = values;
      if (method === 'invokeset') return this.#property(at, (name ?? '').toLowerCase(), rest);
      return name === undefined || /^invoke/i.test(name) ? [] : this.#call(at, name.toLowerCase(), rest);
    }
    const kind = values[0]?.toLowerCase();
    const isTyped = kind === 'user' || kind === 'group';
    const { place } = this.#receiver(at);
    if ((method === 'create' || method === 'delete') && isTyped && values.length >= 2) {
      const name = values[1];
      const isUser = kind === 'user';
      const isNew = method === 'create';
      const what = isUser ? (isNew ? 'account-created' : 'account-deleted') : isNew ? 'group-created' : 'group-deleted';
      return [
        intent(what, {
          ...(isUser ? { account: accountOf(name) } : { group: groupOf(name) }),
          notes: [...unknownNote(isUser ? 'account' : 'group', name), ...hostNote(place)],
        }),
      ];
    }
    if (method === 'add' || method === 'remove') {
      const path = values[0];
      // A collection has the same methods.
      if (path === undefined || (!/^WinNT:\/\//i.test(path) && place?.kind !== 'group')) return [];
      return [
        intent(method === 'add' ? 'member-added' : 'member-removed', {
          group: groupOf(place?.name),
          member: memberOf(path),
          direction: method === 'add' ? 'added' : 'removed',
          notes: [...unknownNote('group', place?.name), ...unknownNote('member', path), ...hostNote(place)],
        }),
      ];
    }
    if (!place || place.kind === 'group') return [];
    const about = {
      account: accountOf(place.name),
      notes: [...unknownNote('account', place.name), ...hostNote(place)],
    };
    if (method === 'setpassword') return place.isNew ? [] : [intent('password-reset', about)];
    if (method === 'changepassword') return [intent('password-changed', about)];
    if (method === 'put') return this.#property(at, (values[0] ?? '').toLowerCase(), values.slice(1));
    if (method === 'rename' && values[0] !== undefined)
      return [
        intent('account-renamed', {
          account: accountOf(values[0]),
          settings: [{ ...settingOf('SamAccountName', values[0]), old: accountOf(place.name)?.name ?? null }],
          notes: about.notes,
        }),
      ];
    return [];
  }

  #property(at: number, name: string, values: readonly string[]): readonly Intent[] {
    const { place } = this.#receiver(at);
    if (place?.kind === 'group' || place?.name === undefined || place.isNew) return [];
    const about = {
      account: accountOf(place.name),
      notes: [...unknownNote('account', place.name), ...hostNote(place)],
    };
    const [value = UNKNOWN] = values;
    switch (name) {
      case 'accountdisabled':
        return [intent(/^(?:true|1)$/i.test(value) ? 'account-disabled' : 'account-enabled', about)];
      case 'userflags': {
        const flags = Number(value);
        const setting = settingOf('user flags', value);
        if (!/^(?:0x[\da-f]{1,8}|\d{1,10})$/i.test(value))
          return [intent('account-changed', { ...about, settings: [setting] })];
        return [
          intent((flags & DISABLED) !== 0 ? 'account-disabled' : 'account-changed', { ...about, settings: [setting] }),
        ];
      }
      case 'fullname':
        return [intent('account-changed', { ...about, settings: [settingOf('full name', value)] })];
      case 'description':
        return [intent('account-changed', { ...about, settings: [settingOf('comment', value)] })];
      case 'passwordexpired':
        return [intent('password-setting-changed', { ...about, settings: [settingOf('password expired', value)] })];
      default:
        return [];
    }
  }
}

const ADSI = /^(?:adsi|system\.directoryservices\.directoryentry|directoryservices\.directoryentry)$/i;
const OBJECT = /^(?:new-object|(?:system\.)?directoryservices\.directoryentry)$/i;

function hostNote(place: Place | undefined): readonly string[] {
  const host = place?.host ?? '.';
  return ['.', '', 'localhost'].includes(host.toLowerCase()) || host.includes(UNKNOWN) ? [] : [`at ${host}`];
}
