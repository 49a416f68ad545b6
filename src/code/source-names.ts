// What a text says of the source code that it came from: a method's name ("CReport::Start"), or the path of a source file.

/** Namespaces of libraries: their names stand in error messages of whoever uses them. */
const LIBRARIES = new Set(
  'std stdext boost wil ATL WTL WRL Microsoft winrt Windows Platform Concurrency Gdiplus fmt absl google gsl __gnu_cxx __cxxabiv1'.split(
    ' ',
  ),
);
const NAME = String.raw`(?:[A-Za-z_]\w*(?:<[\w:, *&<>]{0,80}>)?::){1,6}~?[A-Za-z_]\w*`;
/** The name alone, or before what a log text goes on with: "CReport::Start: ", "CReport::Start()", "[CReport::Start]", "CReport::Start - ". */
const METHOD = new RegExp(String.raw`^\[?(${NAME})(?:$|\]|\(|:[ :\r\n]|:$| [-=>|] |\r|\n)`);
/** As __FUNCSIG__ has it: "void __cdecl CReport::Start(int)". */
const SIGNATURE = new RegExp(
  String.raw`^[\w :*&<>,]{0,120}__(?:cdecl|stdcall|thiscall|fastcall|vectorcall) (${NAME})\(`,
);
const LONGEST_METHOD = 512;

/** The method that a text names as where it is written; undefined where it names none, or one of a library. */
export function methodIn(text: string): string | undefined {
  if (text.length > LONGEST_METHOD || !text.includes('::')) return undefined;
  const method = (METHOD.exec(text) ?? SIGNATURE.exec(text))?.[1];
  if (method === undefined || LIBRARIES.has(method.slice(0, method.indexOf('::')))) return undefined;
  return method;
}

/** "Outer::CReport" of "Outer::CReport::Start". */
export function classOf(method: string): string {
  return method.slice(0, method.lastIndexOf('::'));
}

const LONGEST_PATH = 260;
const PATH = /^(?:[A-Za-z]:|\.{1,2})?[\w .+@$()\\/-]*[\w)+-]\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|inl)$/;
const HEADER = /\.(?:h|hh|hpp|hxx|inl)$/;

/** Whether a text is the path of a source file, with a folder; of a header, whose functions compilers put into others; undefined of neither. */
export function sourceFile(text: string): 'source' | 'header' | undefined {
  if (text.length > LONGEST_PATH || text.length < 5 || !/[\\/]/.test(text) || !PATH.test(text)) return undefined;
  return HEADER.test(text) ? 'header' : 'source';
}

/** "WER/Queue:%u: ERROR no memory": a component, as a rule the line, and how grave it is. */
const LOG =
  /^\[?([A-Za-z_][\w/.-]{1,38}\w)\]?:?(?:[ (:]*%[0-9]*l{0,2}[duxXs]\)?)?[: ]+\[?(?:ERROR|WARNING|WARN|INFO|TRACE|DEBUG|FATAL|VERBOSE)\b/;
const NO_COMPONENT = /^(?:an?|the|in|on|with|no|internal|fatal|unexpected|unknown|system|error|warning)$/i;

/** The component that a log text names before how grave it is; undefined where it names none. */
export function logComponent(text: string): string | undefined {
  const component = LOG.exec(text)?.[1];
  return component === undefined || NO_COMPONENT.test(component) ? undefined : component;
}
