// The children that Windows starts on any process's behalf: added to every parent, marked as not found in the file.
import type { GenericChild, ParentImage } from './document.ts';

export const OWN_IMAGE = 'Windows clones a process to take a dump of it, and many programs start themselves again';

/**
 * Windows Error Reporting runs in (or beside) any process that crashes or hangs; console programs get a console host; a clone of a process
 * (PssCaptureSnapshot, RtlCreateProcessReflection) is its child and has its image. `host` is the program that a module runs in.
 */
export function genericChildren(parent: ParentImage, host?: string): readonly GenericChild[] {
  const generic: GenericChild[] = [
    { image: 'WerFault.exe', why: 'Windows Error Reporting starts it for any process that crashes' },
    { image: 'WerFaultSecure.exe', why: 'Windows Error Reporting starts it for a protected process that crashes' },
    { image: 'wermgr.exe', why: 'Windows Error Reporting starts it to send the report of any process' },
  ];
  if (parent.console) generic.push({ image: 'conhost.exe', why: 'a console program is given a console host' });
  const own = parent.kind === 'program' ? parent.image : host?.split(/[\\/]/).at(-1);
  if (own !== undefined && generic.every(({ image }) => image.toLowerCase() !== own.toLowerCase()))
    generic.push({ image: own, why: OWN_IMAGE });
  return generic;
}
