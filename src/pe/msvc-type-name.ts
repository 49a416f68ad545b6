// The decorated name in an MSVC type descriptor (".?AVStart@CReport@@") as it is written in C++; what is too odd to be read stays as it is.
import { MsvcNameReader } from './msvc-name-reader.ts';

/** A type descriptor's name begins so: a class, a structure or a union. */
const BEGINNING = /^\.\?A[VUT]/;

/** "Outer::Inner" of ".?AVInner@Outer@@"; undefined where the text is no name of a class. */
export function msvcClassName(decorated: string): string | undefined {
  if (!BEGINNING.test(decorated) || !decorated.endsWith('@')) return undefined;
  const reader = new MsvcNameReader(decorated, 4);
  const name = reader.qualified();
  return name !== undefined && reader.at === decorated.length ? name : decorated;
}
