// One module's answer: its sites, the children they name, what hides the others, each with its evidence.

import type { ModuleFlow } from '../code/flow.ts';
import type { Piece, TextPath } from '../code/pieces.ts';
import type { ExportedSymbol } from '../pe/exports.ts';
import type { ImportedSymbol } from '../pe/imports.ts';
import { addressOf } from './address.ts';
import type { NamedChild, OwnImage, Reading } from './child-name.ts';
import { findClasses } from './classes/find-classes.ts';
import { fileName, folderOf } from './command-text.ts';
import type {
  Address,
  BlindSpot,
  BlindSpotReason,
  ClassEntry,
  DocumentTarget,
  Evidence,
  Literal,
  Reach,
  RegistryAnswer,
  RouteStep,
  SiteEntry,
  When,
} from './document.ts';
import { ParentArguments } from './parent-arguments.ts';
import type { PlaceAnswers } from './registry-answers/place-answers.ts';
import { answerSite } from './registry-answers/site-answers.ts';
import { SiteAsker } from './site-asker.ts';
import type { OpenWay } from './site-readings.ts';
import { ROLES, type SiteValues } from './site-values.ts';
import { findSites, MOST_SITES, type Site } from './sites.ts';
import { eitherWhen } from './when.ts';

/** A child with the evidence of one site. */
export interface FoundChild extends Omit<NamedChild, 'from'> {
  readonly evidence: Evidence;
}

export interface ModuleAnswer {
  readonly sites: readonly SiteEntry[];
  readonly children: readonly FoundChild[];
  readonly blindSpots: readonly BlindSpot[];
  readonly documents: readonly DocumentTarget[];
  readonly classes: readonly ClassEntry[];
  /** RVAs of the functions that hold a site whose child is not known, for what else those functions name. */
  readonly openFunctions: readonly { readonly function: number; readonly site: Site }[];
  readonly limited: number;
  /** What was left out, one sentence each. */
  readonly leftOut: readonly string[];
}

/** Who the module is and how the program comes to it. */
export interface ModuleContext {
  readonly name: string;
  readonly own: OwnImage;
  readonly reachOf: (start: number) => Reach;
  /** The same as far as it can be told without a long search. */
  readonly knownReachOf: (start: number) => Reach | undefined;
  /** For a function of reach other-process: the exports that lead to it. */
  readonly foreignExports: (start: number) => readonly ExportedSymbol[];
  readonly nameOf: (start: number) => string | undefined;
  /** What hints at a function's name. */
  readonly hintOf: (start: number) => string | undefined;
  /** The function that an import is in truth, where the module that it names only forwards it. */
  readonly forwarded: (symbol: ImportedSymbol) => string | undefined;
  /** What registry files that were given say. */
  readonly places?: PlaceAnswers;
}

const CALLERS_SHOWN = 16;
const EXPORTS_SHOWN = 4;

export function findModuleChildren(flow: ModuleFlow, context: ModuleContext): ModuleAnswer {
  const sites: SiteEntry[] = [];
  const children: FoundChild[] = [];
  const blindSpots: BlindSpot[] = [];
  const documents: DocumentTarget[] = [];
  const openFunctions: { function: number; site: Site }[] = [];
  let limited = 0;
  let cut = 0;
  const asker = new SiteAsker(flow, context.own);
  const conditions = new ParentArguments(flow, asker.outward, context.name);
  for (const site of findSites(flow, context.forwarded)) {
    const { ways, readings, texts, ended } = asker.ask(site);
    const when = (reading: Reading): When | undefined => conditions.when(site, texts.get(reading) ?? []);
    const describe = new SiteDescriber(flow, context, site);
    sites.push(describe.entry(ways.map((way) => way.values)));
    if (ended === 'limited') limited++;
    else if (ended === 'cut') cut++;
    for (const reading of readings) {
      if (reading.kind === 'child') children.push(describe.child(reading.child, when(reading)));
      else if (reading.kind === 'document') documents.push(describe.document(reading.target));
    }
    const spots = describe.blindSpots(readings, ways, when, ended === 'limited');
    if (context.places === undefined) blindSpots.push(...spots);
    else {
      const answered = answerSite(site, ways, readings, context.own, context.places);
      for (const { child, answer } of answered.children)
        children.push(describe.child(child, conditions.when(site, [child.from]), answer));
      for (const { target } of answered.documents) documents.push(describe.document(target));
      blindSpots.push(...spots.map(answered.withAnswers));
    }
    if (spots.length > 0) openFunctions.push({ function: site.function, site });
  }
  const asked = findClasses(flow, context);
  blindSpots.push(...asked.blindSpots);
  const leftOut = [...asked.leftOut];
  if (cut > 0)
    leftOut.push(
      `for ${cut} of its call sites, called functions were more work than is followed; parts of their arguments may be unknown for that`,
    );
  if (sites.length >= MOST_SITES) leftOut.push(`it has more than ${MOST_SITES} call sites; the others are not told`);
  if (flow.code.skipped.length > 0) {
    const first = addressOf(flow.image, flow.code.skipped[0]);
    leftOut.push(
      `${flow.code.skipped.length} functions were too large to be followed (the first at ${first}); call sites in them are not told`,
    );
  }
  return { sites, children, blindSpots, documents, classes: asked.classes, openFunctions, limited, leftOut };
}

class SiteDescriber {
  readonly #flow: ModuleFlow;
  readonly #context: ModuleContext;
  readonly #site: Site;

  constructor(flow: ModuleFlow, context: ModuleContext, site: Site) {
    this.#flow = flow;
    this.#context = context;
    this.#site = site;
  }

  address(rva: number): Address {
    return addressOf(this.#flow.image, rva);
  }

  entry(ways: readonly SiteValues[]): SiteEntry {
    const site = this.#site;
    const known: Record<string, readonly string[]> = {};
    for (const role of ROLES) {
      const all = ways.flatMap((values) => values[role] ?? []);
      if (all.length === 0) continue;
      const texts = all.flatMap((value) => value.paths.map((path) => describePath(path, this.#context.own)));
      known[role] = [...(all.some((value) => value.none) ? ['NULL'] : []), ...new Set(texts)];
    }
    const name = this.#context.nameOf(site.function);
    const callers = this.#flow.calls.to(site.function).slice(0, CALLERS_SHOWN);
    return {
      module: this.#context.name,
      site: this.address(site.rva),
      sink: site.sink.name,
      via: site.via,
      function: this.address(site.function),
      ...(name === undefined ? {} : { functionName: name }),
      callers: callers.map((rva) => this.address(rva)),
      arguments: known,
    };
  }

  document(target: string): DocumentTarget {
    return {
      target,
      module: this.#context.name,
      site: this.address(this.#site.rva),
      sink: this.#site.sink.name,
      reach: this.#context.reachOf(this.#site.function),
    };
  }

  /** `answer`: the registry value that names it. */
  child(child: NamedChild, when: When | undefined, answer?: RegistryAnswer): FoundChild {
    const site = this.#site;
    const { from, ...named } = child;
    const name = this.#context.nameOf(site.function);
    const hint = this.#context.hintOf(site.function);
    const reach = this.#context.reachOf(site.function);
    return {
      ...named,
      evidence: {
        module: this.#context.name,
        sink: site.sink.name,
        site: this.address(site.rva),
        function: this.address(site.function),
        reach,
        ...(name === undefined ? {} : { name }),
        ...(when === undefined ? {} : { when }),
        ...(hint === undefined ? {} : { hint }),
        route: this.#route(from, reach === 'other-process' ? this.#context.foreignExports(site.function) : []),
        literals: this.#literals(from),
        ...(answer === undefined ? {} : { registry: answer }),
      },
    };
  }

  /** From the literals to the site; `entries` are exports that lead there, `hidden` is the piece of a blind spot that following ended at. */
  #route(path: TextPath, entries: readonly ExportedSymbol[], hidden?: Piece): readonly RouteStep[] {
    const steps: RouteStep[] = [];
    const seen = new Set<string>();
    const add = (rva: number, what: string, stop?: true): void => {
      const key = `${rva}:${what}`;
      if (rva <= 0 || seen.has(key)) return;
      seen.add(key);
      steps.push({ address: this.address(rva), what, ...(stop ? { stop } : {}) });
    };
    for (const { rva, name, ordinal } of entries.slice(0, EXPORTS_SHOWN))
      add(rva, `the export ${name ?? `#${ordinal}`} leads here, which nothing in this process is seen to call`);
    for (const piece of path.pieces)
      if (piece.kind === 'literal' && piece.text !== '')
        add(piece.rva, `the text "${piece.text}"${piece.immediate ? ' in the instructions' : ''}`);
    const stop = hidden && hidden.kind !== 'literal' ? this.#stopAt(hidden, path) : undefined;
    if (stop) add(stop.rva, stop.what, true);
    for (const step of path.steps) {
      if (step.by === 'caller') add(step.site, 'a caller passes it on');
      else if (step.site !== stop?.rva) add(step.site, `${step.by || 'this call'} adds its part`);
    }
    add(this.#site.rva, `${this.#site.sink.name} is called`);
    return steps;
  }

  /** Where following a hidden piece ended, and what is known of it there. */
  #stopAt(piece: Exclude<Piece, { kind: 'literal' }>, path: TextPath): { rva: number; what: string } {
    if (piece.kind === 'source')
      return { rva: piece.site, what: `${piece.detail || piece.source} gives it, from outside the file` };
    if (piece.site !== undefined)
      return { rva: piece.site, what: 'it comes out of this call, which was not followed further' };
    const variable = piece.va === undefined ? -1 : this.#flow.image.rvaOf(piece.va);
    if (variable > 0) return { rva: variable, what: `${piece.detail} holds it; nothing that was followed sets it` };
    const outermost = path.steps.find((step) => step.by === 'caller');
    const start = this.#outermost(path);
    if (piece.why === 'caller' || piece.why === 'object')
      return { rva: start, what: `${piece.detail} holds it; no caller that was followed says what that is` };
    return { rva: outermost?.site ?? this.#site.rva, what: piece.detail };
  }

  #literals(path: TextPath): readonly Literal[] {
    return path.pieces.flatMap((piece) =>
      piece.kind === 'literal' && piece.text !== '' && piece.rva > 0
        ? [
            {
              address: this.address(piece.rva),
              text: piece.text,
              encoding: piece.immediate ? ('immediate' as const) : piece.wide ? ('utf-16' as const) : ('ansi' as const),
            },
          ]
        : [],
    );
  }

  /** One for each reason why a name stays hidden, or one for a site that no reading came from. */
  blindSpots(
    readings: readonly Reading[],
    ways: readonly OpenWay[],
    when: (reading: Reading) => When | undefined,
    limited: boolean,
  ): readonly BlindSpot[] {
    const site = this.#site;
    const reach = this.#context.reachOf(site.function);
    const spot: MakeSpot = (reason, detail, known = {}) => ({
      module: this.#context.name,
      sink: site.sink.name,
      site: this.address(site.rva),
      reach,
      reason,
      ...known,
      detail,
    });
    const spots = new Map<string, BlindSpot>();
    const conditions = new Map<string, (When | undefined)[]>();
    for (const reading of readings) {
      if (reading.kind !== 'hidden') continue;
      // Past a limit nothing is known because nobody looked: the limit is what hides it.
      if (limited && reading.piece.kind === 'unknown' && reading.piece.why === 'data') continue;
      if (isJoinedElsewhere(reading.piece, readings)) continue;
      const remote = this.#remoteInterface(reading.piece, reading.from);
      const one =
        remote !== undefined
          ? spot('rpc', `a parameter of the interface ${remote}`)
          : isOpenSection(site, reading.piece)
            ? spot('data', 'the image comes as an open section, and no file was found that it was made of')
            : spotOf(reading.piece, spot, this.#exportGiven(reading.piece, reading.from));
      const route = this.#route(reading.from, [], reading.piece);
      const begins = reading.begins === undefined ? {} : { begins: reading.begins };
      const key = `${one.reason}:${JSON.stringify(one.registry ?? '')}`;
      conditions.set(key, [...(conditions.get(key) ?? []), when(reading)]);
      // Of readings that one reason hides, the one that says least of the name stands for all.
      if (spots.get(key)?.begins === undefined && spots.has(key)) continue;
      spots.set(key, { ...one, ...begins, route });
    }
    if (limited)
      spots.set(
        'step-limit',
        spot('step-limit', 'following the function ended at the limit: other children may be missing'),
      );
    if (readings.length === 0 && !limited) {
      if (!site.call) return [spot('data', 'no followed path comes to this call')];
      if (ways.length === 0) return [];
      return [spot('data', 'nothing names a program here')];
    }
    return [...spots].map(([key, one]) => {
      const needed = eitherWhen(conditions.get(key) ?? []);
      return needed === undefined ? one : { ...one, when: needed };
    });
  }

  /** The RPC interface whose routine is given what hides the name; undefined where none is. */
  #remoteInterface(piece: Piece, from: TextPath): string | undefined {
    if (piece.kind !== 'unknown' || (piece.why !== 'caller' && piece.why !== 'object')) return undefined;
    const { image } = this.#flow;
    if (!image.importedModules.some(({ name }) => name.toLowerCase() === 'rpcrt4.dll')) return undefined;
    return image.rpcRoutines.get(this.#outermost(from));
  }

  /** The exported function that is given what hides the name; undefined where none is. */
  #exportGiven(piece: Piece, from: TextPath): string | undefined {
    return piece.kind === 'unknown' && piece.why === 'caller' ? this.#context.nameOf(this.#outermost(from)) : undefined;
  }

  /** Start of the function that the value was followed out to. */
  #outermost(from: TextPath): number {
    const caller = from.steps.find((step) => step.by === 'caller');
    return caller ? this.#flow.functionHolding(caller.site) : this.#site.function;
  }
}

type MakeSpot<Spot = BlindSpot> = (
  reason: BlindSpotReason,
  detail: string,
  known?: Pick<BlindSpot, 'registry' | 'file' | 'export'>,
) => Spot;

/** Whether a folder stands alone where another reading has a program in it: that is how the text looks where joining the two failed, and it starts nothing. */
function isJoinedElsewhere(piece: Piece, readings: readonly Reading[]): boolean {
  const folder = folderOf(piece)?.toLowerCase();
  if (folder === undefined) return false;
  return readings.some((one) => one.kind === 'child' && one.child.path?.toLowerCase().startsWith(`${folder}\\`));
}

/** Whether the image comes as an open section, of which nothing is known. */
function isOpenSection({ sink }: Site, piece: Piece): boolean {
  return sink.application?.kind === 'section' && piece.kind === 'unknown' && piece.why !== 'caller';
}

/** What a blind spot says of the piece that hides a name. */
export function spotOf<Spot>(piece: Piece, spot: MakeSpot<Spot>, exported?: string): Spot {
  if (piece.kind === 'source') {
    switch (piece.source) {
      case 'registry':
        return spot('registry', `${piece.detail} reads it`, piece.registry ? { registry: [piece.registry] } : {});
      case 'command-line':
        return spot('command-line', "the program's own command line");
      case 'environment':
        return spot('environment', `the environment variable ${piece.name ?? 'of a name that is not known'}`);
      case 'standard-input':
        return spot('standard-input', 'what comes in on standard input');
      case 'file':
        // win.ini: what names it is the value's name.
        if (/^GetProfileString/.test(piece.detail))
          return spot('file', `the value ${piece.name ?? 'of a name that is not known'} of win.ini`, {
            file: 'win.ini',
          });
        return piece.name
          ? spot('file', `the file ${piece.name}`, { file: piece.name })
          : spot('file', `what ${piece.detail} reads`);
      case 'rpc':
        return spot('rpc', 'a parameter of a remote call');
      case 'process-memory':
        return spot('shared-memory', "another process's memory");
      case 'shared-memory':
        return spot('shared-memory', `the section ${piece.name ?? 'of a name that is not known'}`);
      default:
        return spot('data', `what ${piece.detail || piece.source} gives`);
    }
  }
  if (piece.kind === 'unknown' && piece.why === 'caller')
    return spot('caller', `${piece.detail} holds the name`, exported === undefined ? {} : { export: exported });
  return spot('data', piece.kind === 'unknown' ? piece.detail : 'the text names no program');
}

/** A text with what is not known of it in angle brackets. */
export function describePath(path: TextPath, own: OwnImage): string {
  return path.pieces
    .map((piece) => {
      if (piece.kind === 'literal') return piece.text;
      if (piece.kind === 'unknown') return `<${piece.detail || piece.why}>`;
      if (piece.source === 'own-image') return piece.folderOnly ? '<own folder>' : `<own image ${fileName(own.name)}>`;
      if (piece.registry) return `<registry ${piece.registry.key}: ${piece.registry.value}>`;
      return `<${piece.source}${piece.name ? ` ${piece.name}` : ''}>`;
    })
    .join('');
}
