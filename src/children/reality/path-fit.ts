// Whether the path of an event is the one that an answer has for a child.
import { matchesPattern } from '../../rule/pattern-match.ts';
import { knownPath } from '../child-rule-paths.ts';
import type { ParentImage } from '../document.ts';

/** Native forms of a path, as the kernel's own processes are logged. */
const DEVICE = /^\\device\\harddiskvolume\d+(?=\\)/i;
const SYSTEM_ROOT = /^\\systemroot(?=\\)/i;
/** A 32-bit process is told of System32 and runs what is in SysWOW64; which of the two a build is, the logs do not say. */
const SYSTEM_FOLDER = /^(.:\\windows\\)(?:syswow64|sysnative)(?=\\)/i;

/** True where the path of the answer is not known, or cannot be told from the event's. */
export function pathFits(answer: string | null, event: string, arch: ParentImage['arch']): boolean {
  if (answer === null || !event.includes('\\')) return true;
  const known = knownPath(answer, arch);
  if (known === null) return true;
  const path = event
    .replace(/^\\\\\?\\|^\\\?\?\\/, '')
    .replace(DEVICE, 'C:')
    .replace(SYSTEM_ROOT, 'C:\\Windows');
  const usual = path.replace(SYSTEM_FOLDER, '$1System32');
  const wow = path.replace(/^(.:\\windows\\)system32(?=\\)/i, '$1SysWOW64');
  return [path, usual, wow].some((one) => known.patterns.some((pattern) => matchesPattern(pattern, one)));
}
