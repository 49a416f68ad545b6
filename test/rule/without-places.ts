// A rule or a part of one as text, without where it stood in the text it was read from.

export function withoutPlaces(value: unknown): string {
  return JSON.stringify(value, (key, one: unknown) =>
    key === 'at' ? undefined : typeof one === 'bigint' ? String(one) : one,
  );
}
