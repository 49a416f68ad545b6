// Holds Winnow's answer for the services of a public rule of childless service hosts against what telemetry later added to the rule:
// node truth/service-hosts.mjs SVCHOST MODULES (after `npm run build`). Prints docs/service-hosts.md's table, and how far the two agree.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findServiceHosts, knownServices } from '../dist/children.js';

const [hostPath, folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node truth/service-hosts.mjs SVCHOST MODULES');
  process.exit(2);
}
const truth = JSON.parse(readFileSync(new URL('./service-hosts.json', import.meta.url), 'utf8'));
const table = knownServices('windows-10');
const wanted = new Map(truth.services.map((one) => [(one.service ?? one.rule).toLowerCase(), one]));
const services = table.services.filter(({ name }) => wanted.has(name.toLowerCase()));
const paths = new Map(readdirSync(folder).map((name) => [name.toLowerCase(), join(folder, name)]));
const read = (name) => {
  const path = paths.get(name);
  return path === undefined ? undefined : { name: basename(path), path: basename(path), bytes: readFileSync(path) };
};
const host = {
  name: basename(hostPath),
  ...(existsSync(hostPath) ? { file: { name: basename(hostPath), bytes: readFileSync(hostPath) } } : {}),
};
const names = [...paths.keys()].filter((name) => name.endsWith('.dll')).sort();
const { document } = findServiceHosts(
  host,
  { ...table, services },
  { loadModule: read, folder: { names: () => names, load: read } },
);

const isReached = ({ reach }) => reach !== 'module-only' && reach !== 'other-process';
const count = { agree: 0, named: 0, unknown: 0, thirdParty: 0, more: 0, differ: 0 };
const rows = document.services.map((service) => {
  const { excluded = [], since, thirdParty, rule } = wanted.get(service.name.toLowerCase());
  const started = service.children.filter((child) => isReached(child) && child.confidence !== 'possible');
  const evidence = started.map((child) => {
    const shown = child.evidence.filter(isReached);
    const places = shown
      .slice(0, 3)
      .map(({ module, sink, site, function: start }) => `${module} ${sink} at ${site} in ${start}`);
    return `${child.image} (${places.join('; ')}${shown.length > 3 ? ` and ${shown.length - 3} more` : ''})`;
  });
  const added =
    excluded.length === 0 ? '' : `${excluded.join(', ')} (${since})${thirdParty ? ', a vendor’s plug-in' : ''}`;
  const found = started.map(({ image }) => image.toLowerCase());
  const missed = thirdParty ? [] : excluded.filter((image) => !found.includes(image.toLowerCase()));
  if (service.answer === 'not-read') count.unknown++;
  else if (missed.length > 0) count.differ++;
  else if (excluded.length > 0 && !thirdParty) count.named++;
  else if (started.length > 0) count.more++;
  else count.agree++;
  if (thirdParty) count.thirdParty++;
  const what = started.length > 0 ? `starts ${evidence.join(', ')}` : service.why;
  return `| ${rule} | ${service.module} | ${what} | ${added} |`;
});
console.log(
  '| service in the rule | ServiceDll | Winnow, from the binaries | let pass by the rule later |\n|---|---|---|---|',
);
console.log(rows.join('\n'));
console.log(
  `\n${services.length} services: ${count.agree} without a child in both, ${count.named} whose later exclusion Winnow names, ${count.more} of which Winnow names a child that the rule has not, ${count.differ} differ, ${count.unknown} DLLs not there; ${count.thirdParty} exclusion is a vendor's plug-in`,
);
