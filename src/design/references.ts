// Where a dossier has its facts from: addresses of pages, each once.

/** MITRE's page of a technique; undefined for what is no id of one. */
export function attackPage(technique: string | undefined | null): string | undefined {
  const [, parent, sub] = /^(T\d{4})(?:\.(\d{3}))?$/.exec(technique ?? '') ?? [];
  if (parent === undefined || parent === 'T0000') return undefined;
  return `https://attack.mitre.org/techniques/${parent}/${sub === undefined ? '' : `${sub}/`}`;
}

/** In their order, each page once: a slash at the end and the case of the host make no other page. */
export function distinctAddresses(addresses: readonly string[]): readonly string[] {
  const known = new Map<string, string>();
  for (const address of addresses) {
    const key = address
      .trim()
      .replace(/^https?:\/\/[^/?#]*/i, (host) => host.toLowerCase())
      .replace(/\/+$/, '');
    if (!known.has(key)) known.set(key, address);
  }
  return [...known.values()];
}
