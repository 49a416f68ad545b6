// Why a child was seen: rules in order, each of which fits a start to what the answer and the events say, with its evidence.
import { fileName } from '../command-text.ts';
import type { BlindSpot } from '../document.ts';
import { usualValues } from '../usual-values.ts';
import { type Asked, begins, contradicts, type Finding, isRead, named, placeOf, reachedSpots } from './asked.ts';
import { codeFileIn } from './code-files.ts';
import { codeModuleOf } from './code-modules.ts';
import type { RealityEvidence } from './document.ts';
import { classFromOutside, engineLoaded, loadFromOutside } from './loaded-code.ts';
import { ON_BEHALF } from './on-behalf.ts';
import { argumentsOf, classIn, groupOf, namesProgram, serviceOf } from './parent-line.ts';
import { pathFits } from './path-fit.ts';

type Rule = (asked: Asked) => Finding | undefined;

/** Places that are told for one reason. */
const MOST_EVIDENCE = 4;

/** The first that fits tells; what is sure comes first, what only does not contradict comes last. */
const RULES: readonly Rule[] = [
  listed,
  generic,
  openedDocument,
  openParent,
  onBehalf,
  injected,
  surrogate,
  usualValue,
  nearCall,
  nameInFile,
  service,
  activated,
  codeFile,
  codeModule,
  serviceHost,
  listedElsewhere,
  document,
  registry,
  engineLoaded,
  loadFromOutside,
  classFromOutside,
  notFollowed,
  notRead,
];

export function reasonOf(asked: Asked): Finding {
  for (const rule of RULES) {
    const finding = rule(asked);
    if (finding) return finding;
  }
  return { share: 'unexplained', reason: 'none', evidence: [] };
}

function listed({ document, start, child, parentLine }: Asked): Finding | undefined {
  const arch = document.parent.arch;
  const entries = document.children.filter(
    ({ image, path, confidence }) =>
      image.toLowerCase() === child && confidence !== 'possible' && pathFits(path, start.image, arch),
  );
  if (entries.length === 0) return undefined;
  const entry = entries.find(({ when }) => !contradicts(when, parentLine)) ?? entries[0];
  const fit = contradicts(entry.when, parentLine) ? 'possible' : 'shown';
  const evidence = entry.evidence.slice(0, MOST_EVIDENCE).map(
    ({ module, sink, site, build }): RealityEvidence => ({
      what: `${sink} starts it${fit === 'possible' ? ", though the parent's command line lacks the argument" : ''}`,
      ...placeOf({ module, site, build }),
    }),
  );
  return { share: 'explained', reason: 'child', fit, confidence: entry.confidence, evidence };
}

function generic({ document, child }: Asked): Finding | undefined {
  const entry = document.generic.find(({ image }) => image.toLowerCase() === child);
  return entry && { share: 'explained', reason: 'generic', fit: 'shown', evidence: [{ what: entry.why }] };
}

/** The answer says by which program a document is opened. */
function openedDocument({ document, child }: Asked): Finding | undefined {
  for (const target of document.documents) {
    const opener = target.openedBy?.find(({ image, parent }) => parent === undefined && image.toLowerCase() === child);
    if (opener)
      return {
        share: 'explained',
        reason: 'document',
        fit: 'shown',
        evidence: [{ what: `it opens ${target.target}: ${opener.why}`, ...placeOf(target) }],
      };
  }
  return undefined;
}

function openParent({ document, child, parentLine }: Asked): Finding | undefined {
  const { verdict } = document;
  if (verdict.kind !== 'open') return undefined;
  const sites = verdict.sites.filter(({ when }) => !contradicts(when, parentLine));
  if (sites.length === 0) return undefined;
  const isNamed = parentLine !== undefined && namesProgram(argumentsOf(parentLine), child);
  return {
    share: 'explained',
    reason: 'users-choice',
    fit: isNamed ? 'shown' : 'possible',
    evidence: [
      ...(isNamed ? [{ what: "the parent's command line names it" }] : []),
      ...sites
        .slice(0, MOST_EVIDENCE)
        .map((site) => ({ what: `${site.sink} starts what it is told (${site.reason})`, ...placeOf(site) })),
    ],
  };
}

function onBehalf({ child, start }: Asked): Finding | undefined {
  const { commandLine } = start;
  const row = ON_BEHALF.find((one) => one.image === child && one.commandLine.test(commandLine ?? ''));
  if (!row || commandLine === undefined) return undefined;
  return named(row.reason, 'shown', [{ what: row.why, ...classIn(commandLine), record: start.place }]);
}

/** Threads that the console's server and the system's own start in any process. */
const SYSTEM_THREADS: ReadonlySet<string> = new Set(['csrss.exe', 'wininit.exe', 'winlogon.exe', 'dwm.exe']);

/** Not the program's own deed: what a rule is to find. */
function injected({ facts, start }: Asked): Finding | undefined {
  const fact = facts.find(
    ({ kind, path }) =>
      kind === 'thread' && !SYSTEM_THREADS.has(fileName(path).toLowerCase()) && path !== start.parentImage,
  );
  if (!fact) return undefined;
  const what = `${fact.path} had started a thread in the parent's process`;
  return { share: 'unexplained', reason: 'injected', evidence: [{ what, record: fact.place }] };
}

/** "DllHost.exe /Processid:{...}": the process is a COM surrogate, and runs the in-process servers of that application. */
function surrogate({ parentLine }: Asked): Finding | undefined {
  const id = /\s\/processid:\s*(\{[\da-f-]{36}\})/i.exec(parentLine ?? '')?.[1];
  if (id === undefined) return undefined;
  const what = 'the parent is a COM surrogate, which runs the in-process server of this application or class';
  return named('com', 'shown', [{ what, classId: id.toLowerCase() }]);
}

/** What COM and the activation of apps append to a server's command line. */
const ACTIVATED = /(?:^|\s)(?:[-/]embedding(?:\s|$)|[-/]servername:|\/processid:\s*\{)/i;

function activated({ start, parentLine }: Asked): Finding | undefined {
  const line = start.commandLine;
  if (line === undefined || !ACTIVATED.test(line)) return undefined;
  const group = parentLine === undefined ? undefined : groupOf(parentLine);
  // Another parent starts it for another reason: a service's own command line may have the same mark.
  if (parentLine !== undefined && group === undefined) return undefined;
  const what = 'its command line is that of a COM server, which the COM service host starts for another process';
  return named('com', group?.toLowerCase() === 'dcomlaunch' ? 'shown' : 'possible', [
    { what, ...classIn(line), ...(group === undefined ? {} : { service: group }), record: start.place },
  ]);
}

function usualValue({ document, child, start }: Asked): Finding | undefined {
  const evidence = reachedSpots(document).flatMap((spot) =>
    (spot.registry ?? []).flatMap((one) =>
      usualValues(one)
        .filter(
          ({ path }) => fileName(path).toLowerCase() === child && pathFits(path, start.image, document.parent.arch),
        )
        .map(({ when }) => ({
          what: `this value usually has it: ${when}`,
          key: one.key,
          value: one.value,
          ...placeOf(spot),
        })),
    ),
  );
  return evidence.length === 0 ? undefined : named('registry', 'shown', evidence.slice(0, MOST_EVIDENCE));
}

/** The parent's command line has it run a file. */
function codeFile(asked: Asked): Finding | undefined {
  const { document, parentLine } = asked;
  const file = codeFileIn(argumentsOf(parentLine ?? ''));
  if (!file || isRead(document, file.name)) return undefined;
  const what = `the parent's command line has it run ${file.text}, which is no part of the answer`;
  const site = loadFromOutside(asked)?.evidence.slice(0, 1) ?? [];
  return named(file.reason, 'shown', [{ what }, ...site]);
}

function codeModule({ document, facts }: Asked): Finding | undefined {
  const found = facts.flatMap(({ kind, path, place }) => {
    const code = kind === 'loaded' && !isRead(document, fileName(path).toLowerCase()) ? codeModuleOf(path) : undefined;
    return code ? [{ code, path, place }] : [];
  });
  const first = found.find(({ code }) => code.reason === 'users-choice') ?? found[0];
  if (!first) return undefined;
  return named(first.code.reason, 'shown', [
    { what: `the parent had loaded ${first.path}: ${first.code.what}`, record: first.place },
  ]);
}

const SERVICE_VALUES: ReadonlySet<string> = new Set(['imagepath', 'servicedll', 'hostprocessimagepath']);

/** The answer has a call that starts what the registry says of services. */
function service({ document, start }: Asked): Finding | undefined {
  const evidence = reachedSpots(document).flatMap((spot) =>
    (spot.registry ?? [])
      .filter(({ value }) => SERVICE_VALUES.has(value.toLowerCase()))
      .map(({ key, value }) => ({
        what: `${spot.sink} starts what a service's key names`,
        key,
        value,
        ...placeOf(spot),
      })),
  );
  if (evidence.length === 0) return undefined;
  const own = serviceOf(start.commandLine ?? '');
  return named('service', own === undefined ? 'possible' : 'shown', [
    ...(own === undefined ? [] : [{ what: "the child's command line is that of a service host", service: own }]),
    ...evidence.slice(0, MOST_EVIDENCE),
  ]);
}

/** "svchost.exe -k GROUP -s SERVICE": what a service's DLL starts is its host's child. */
function serviceHost(asked: Asked): Finding | undefined {
  const { parentLine } = asked;
  const name = parentLine === undefined ? undefined : serviceOf(parentLine);
  if (name === undefined || parentLine === undefined) return undefined;
  const own = /\s-s\s/i.test(parentLine);
  const what = own
    ? 'the parent is the host of this service, whose DLL is no part of the answer'
    : 'the parent is the host of the services of this group, whose DLLs are no part of the answer';
  const site = loadFromOutside(asked)?.evidence.slice(0, 1) ?? [];
  return named('service', own ? 'shown' : 'possible', [{ what, service: name }, ...site]);
}

/** It opens documents or addresses, and what is registered for them may be anything. */
function document({ document, start }: Asked): Finding | undefined {
  if (document.documents.length === 0) return undefined;
  const line = (start.commandLine ?? '').toLowerCase();
  const shown = document.documents.filter(({ target }) => target.length > 3 && line.includes(target.toLowerCase()));
  const targets = shown.length > 0 ? shown : document.documents;
  return named(
    'document',
    shown.length > 0 ? 'shown' : 'possible',
    targets.slice(0, MOST_EVIDENCE).map((target) => ({
      what: `${target.sink} opens ${target.target} by what is registered for it`,
      ...keyOf(target.target),
      ...placeOf(target),
    })),
  );
}

/** Where Windows keeps what opens a target: the key of its scheme or of its extension. */
function keyOf(target: string): { key?: string } {
  const scheme = /^([a-z][a-z\d+.-]+):/i.exec(target)?.[1];
  const extension = /\.[a-z\d]{1,12}$/i.exec(target)?.[0];
  if (scheme !== undefined) return { key: `HKEY_CLASSES_ROOT\\${scheme}\\shell\\open\\command` };
  return extension === undefined ? {} : { key: `HKEY_CLASSES_ROOT\\${extension}` };
}

function registry({ document, start, parentLine }: Asked): Finding | undefined {
  const spots = reachedSpots(document).filter(
    (spot) =>
      (spot.reason === 'registry' || spot.reason === 'environment') &&
      !contradicts(spot.when, parentLine) &&
      begins(spot, start),
  );
  const evidence = spots.flatMap((spot) => {
    const what = `${spot.sink} starts what ${spot.reason === 'registry' ? 'this value' : 'the environment'} names`;
    const values = spot.registry ?? [];
    if (values.length === 0) return [{ what: `${what}: ${spot.detail}`, ...placeOf(spot) }];
    return values.map(({ key, value }) => ({ what, key, value, ...placeOf(spot) }));
  });
  return evidence.length === 0 ? undefined : named('registry', 'possible', evidence.slice(0, MOST_EVIDENCE));
}

/** Its name stands near a call whose argument was not followed. */
function nearCall({ document, child, start }: Asked): Finding | undefined {
  const { arch } = document.parent;
  const entry = document.children.find(
    ({ image, path, confidence }) =>
      image.toLowerCase() === child && confidence === 'possible' && pathFits(path, start.image, arch),
  );
  if (!entry) return undefined;
  const what = 'its name stands near this call, which was not followed to it';
  const evidence = entry.evidence.slice(0, MOST_EVIDENCE).map((one) => ({ what, ...placeOf(one) }));
  return { ...named('child', 'shown', evidence), confidence: entry.confidence };
}

/** Its name stands in a module that has a call whose argument was not followed. */
function nameInFile(asked: Asked): Finding | undefined {
  const { document, child } = asked;
  const texts = document.strings.filter(({ text }) => text.toLowerCase().includes(child));
  const doubts = doubtsOf(asked);
  for (const { module, address, build } of texts) {
    const spots = doubts.filter((spot) => spot.module === module && spot.build === build);
    if (spots.length > 0)
      return named('not-followed', 'shown', [
        { what: `its name stands at ${address}`, module, ...(build === undefined ? {} : { build }) },
        ...spots.slice(0, MOST_EVIDENCE).map(doubtOf),
      ]);
  }
  return undefined;
}

/** A child of this name is listed from another folder. */
function listedElsewhere({ document, child }: Asked): Finding | undefined {
  const entry = document.children.find(({ image }) => image.toLowerCase() === child);
  if (!entry) return undefined;
  const what = `a child of this name is listed, from ${entry.path}`;
  const evidence = entry.evidence.slice(0, MOST_EVIDENCE).map((one) => ({ what, ...placeOf(one) }));
  return { ...named('child', 'possible', evidence), confidence: entry.confidence };
}

const DOUBTS: ReadonlySet<BlindSpot['reason']> = new Set(['data', 'caller', 'step-limit', 'file']);

function doubtsOf({ document, start, parentLine }: Asked): readonly BlindSpot[] {
  return reachedSpots(document).filter(
    (spot) => DOUBTS.has(spot.reason) && !contradicts(spot.when, parentLine) && begins(spot, start),
  );
}

function doubtOf(spot: BlindSpot): RealityEvidence {
  return { what: `what ${spot.sink} starts was not followed to the end: ${spot.detail}`, ...placeOf(spot) };
}

function notFollowed(asked: Asked): Finding | undefined {
  const spots = doubtsOf(asked);
  return spots.length === 0 ? undefined : named('not-followed', 'possible', spots.slice(0, MOST_EVIDENCE).map(doubtOf));
}

function notRead({ document }: Asked): Finding | undefined {
  const { arch } = document.parent;
  const evidence: RealityEvidence[] = [
    ...(arch === 'x64' || arch === 'x86' ? [] : [{ what: `the program's own code is ${arch}, which is not followed` }]),
    ...document.modules
      .filter(({ found, role }) => !found && (role === 'specific' || role === 'run-time'))
      .map(({ name, build }) => ({
        what: 'this module of the program was not found',
        module: name,
        ...(build ? { build } : {}),
      })),
  ];
  return evidence.length === 0 ? undefined : named('not-read', 'possible', evidence.slice(0, MOST_EVIDENCE));
}
