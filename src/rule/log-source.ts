// The log source of a rule, as Sigma names it: what kind of event, of which product, by which of its services.

export interface LogSource {
  /** "process_creation". */
  readonly category: string | null;
  /** "windows". */
  readonly product: string | null;
  /** "security". */
  readonly service: string | null;
}

export const PROCESS_CREATION: LogSource = { category: 'process_creation', product: 'windows', service: null };
/** Of EQL and other languages whose query itself says which events it is about. */
export const ANY_SOURCE: LogSource = { category: null, product: null, service: null };

/** For a person and as a key: "windows/process_creation". */
export function logSourceText({ product, category, service }: LogSource): string {
  return [product, category, service].filter((part) => part !== null).join('/') || 'any';
}
