// The children that Windows starts on any process's behalf: added to every parent, marked as not found in the file.
import type { GenericChild, ParentImage } from './document.ts';

/** Windows Error Reporting runs in (or beside) any process that crashes or hangs; console programs get a console host. */
export function genericChildren(parent: ParentImage): readonly GenericChild[] {
  const generic: GenericChild[] = [
    { image: 'WerFault.exe', why: 'Windows Error Reporting starts it for any process that crashes' },
    { image: 'WerFaultSecure.exe', why: 'Windows Error Reporting starts it for a protected process that crashes' },
    { image: 'wermgr.exe', why: 'Windows Error Reporting starts it to send the report of any process' },
  ];
  if (parent.console) generic.push({ image: 'conhost.exe', why: 'a console program is given a console host' });
  return generic;
}
