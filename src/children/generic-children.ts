// The children that Windows starts on any process's behalf: added to every parent, marked as not found in the file.
import type { PeImage } from '../pe/image.ts';
import type { GenericChild, ParentImage } from './document.ts';

export const CONSOLE_PROGRAM = 'a console program is given a console host';
export const OWN_IMAGE = 'Windows clones a process to take a dump of it, and many programs start themselves again';

/** As much of an image as is asked here. */
type Importing = Pick<PeImage, 'imports' | 'delayImports'>;

/** A child of programs that import one of these functions, themselves or by a module of theirs that is read. */
interface ByImport {
  readonly image: string;
  readonly why: string;
  readonly functions: readonly string[];
  /** Of programs for this machine only. */
  readonly arch?: ParentImage['arch'];
}

const BY_IMPORT: readonly ByImport[] = [
  {
    // learn.microsoft.com/windows/console/creation-of-a-console
    image: 'conhost.exe',
    why: 'a program that allocates a console is given a console host',
    functions: ['AllocConsole', 'AllocConsoleWithOptions'],
  },
  {
    // learn.microsoft.com, articles 972616 and 2815716 of Microsoft's knowledge base
    image: 'splwow64.exe',
    why: 'the printing functions start it for a 32-bit program that prints on 64-bit Windows',
    functions: [
      ...['OpenPrinter', 'DocumentProperties', 'PrintDlg', 'PrintDlgEx', 'StartDoc', 'StartDocPrinter'].flatMap(
        (name) => [`${name}A`, `${name}W`],
      ),
    ],
    arch: 'x86',
  },
];

/**
 * Windows Error Reporting runs in (or beside) any process that crashes or hangs; console programs get a console host; a clone of a process
 * (PssCaptureSnapshot, RtlCreateProcessReflection) is its child and has its image. `images`: the program and its modules that are read.
 * `host` is the program that a module runs in.
 */
export function genericChildren(
  parent: ParentImage,
  images: readonly Importing[],
  host?: string,
): readonly GenericChild[] {
  const generic: GenericChild[] = [
    { image: 'WerFault.exe', why: 'Windows Error Reporting starts it for any process that crashes' },
    { image: 'WerFaultSecure.exe', why: 'Windows Error Reporting starts it for a protected process that crashes' },
    { image: 'wermgr.exe', why: 'Windows Error Reporting starts it to send the report of any process' },
  ];
  const add = (image: string, why: string): void => {
    if (generic.every((one) => one.image.toLowerCase() !== image.toLowerCase())) generic.push({ image, why });
  };
  if (parent.console) add('conhost.exe', CONSOLE_PROGRAM);
  for (const { image, why, functions, arch } of BY_IMPORT)
    if ((arch === undefined || arch === parent.arch) && images.some((one) => importsOneOf(one, functions)))
      add(image, why);
  const own = parent.kind === 'program' ? parent.image : host?.split(/[\\/]/).at(-1);
  if (own !== undefined) add(own, OWN_IMAGE);
  return generic;
}

function importsOneOf(image: Importing, functions: readonly string[]): boolean {
  const isOne = ({ name }: { readonly name?: string }): boolean => name !== undefined && functions.includes(name);
  return image.imports.some(isOne) || image.delayImports.some(isOne);
}
