// The name of a function as a linker of Microsoft's knows it ("?Start@CReport@@QEAAXXZ", "_start@8"), as it is written in C++ or C.
import { MsvcNameReader } from './msvc-name-reader.ts';

/** Longer names are left as they are. */
const LONGEST_NAME = 4096;

/** "CReport::Start" of "?Start@CReport@@QEAAXXZ", without parameters; `x86` where C names are decorated too. What is too odd to be read stays as it is. */
export function msvcFunctionName(decorated: string, x86: boolean): string {
  if (decorated.length > LONGEST_NAME) return decorated;
  if (decorated.startsWith('?')) return new MsvcNameReader(decorated, 1).wholeFunctionName() ?? decorated;
  // __vectorcall everywhere; __stdcall, __fastcall and __cdecl on x86 only.
  const vector = /^([^@]+)@@\d+$/.exec(decorated);
  if (vector) return vector[1];
  return x86 ? (/^(?:_|@(?=[^@]+@\d+$))([^@]+)(?:@\d+)?$/.exec(decorated)?.[1] ?? decorated) : decorated;
}

/** A name out of private symbols, which is not decorated, in the words of this file's other names. */
export function plainFunctionName(name: string): string {
  return name.replaceAll(/`anonymous[- ]namespace'/g, '(anonymous namespace)');
}
