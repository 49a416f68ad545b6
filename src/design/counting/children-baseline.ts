// Where there is no history: what a parent may start, told from its file alone, is its normal.

import type { ChildrenDocument } from '../../children/document.ts';
import type { Binding, ValuesOf } from '../../rule/binding.ts';
import { and, type Condition, conjuncts, fieldsOf } from '../../rule/condition.ts';
import { compileCondition } from '../../rule/evaluate.ts';
import type { Figure, Figures } from '../funnel/baseline.ts';
import type { Technique } from '../technique.ts';

/** Fields of a process start that speak of the parent's program. */
const PARENT_FIELDS: ReadonlySet<string> = new Set(['parentimage', 'parentprocessname']);
/** A name that no program has. */
const STRANGER = 'a program that nobody has.exe';
const SYSTEM = 'C:\\Windows\\System32\\';

const BY_FIELD: Binding<ValuesOf> = { field: (name) => (valuesOf) => valuesOf(name), all: () => [] };

/** What is said of one observable by one parent's document. */
export interface StaticBaseline {
  readonly schema: 'winnow.children/1';
  readonly parent: string;
  /** The children that its file names, and those that Windows starts for any program. */
  readonly children: readonly string[];
  /** Those of them that would be hits. */
  readonly hits: readonly string[];
}

/** Figures of observables whose predicate asks for children of one of the parents; no figure for any other. */
export function staticFigures(techniques: readonly Technique[], documents: readonly ChildrenDocument[]): Figures {
  const figures = new Map<string, Figure>();
  if (documents.length === 0) return figures;
  for (const { primitives } of techniques)
    for (const { id, predicate } of primitives.flatMap(({ observables }) => observables)) {
      if (!predicate) continue;
      const isHit = compileCondition(predicate.condition, BY_FIELD);
      const isParent = parentTest(predicate.condition);
      const said = documents
        .filter(({ parent }) => isParent(parent.image))
        .map((document) => ({ document, baseline: baselineOf(document, isHit) }));
      const figure = figureOf(said);
      if (figure) figures.set(id, figure);
    }
  return figures;
}

/** Whether a condition asks for children of this parent, and not for those of any. */
function parentTest(condition: Condition): (image: string) => boolean {
  const ofParent = conjuncts(condition).filter((part) => {
    const fields = fieldsOf(part);
    return fields.length > 0 && fields.every((field) => PARENT_FIELDS.has(field.toLowerCase()));
  });
  if (ofParent.length === 0) return () => false;
  const holds = compileCondition(and(...ofParent), BY_FIELD);
  const isOf = (image: string): boolean => holds(processStart(image, STRANGER)) === true;
  return (image) => isOf(image) && !isOf(STRANGER);
}

function baselineOf(document: ChildrenDocument, isHit: (event: ValuesOf) => unknown): StaticBaseline {
  const all = [
    ...document.children.map(({ image, path }) => ({ image, path: path ?? image })),
    ...document.generic.map(({ image }) => ({ image, path: image })),
  ];
  return {
    schema: 'winnow.children/1',
    parent: document.parent.image,
    children: all.map(({ image }) => image),
    hits: all.filter(({ path }) => isHit(processStart(document.parent.image, path)) === true).map(({ image }) => image),
  };
}

/** Sysmon's event 1, as far as a file alone tells it. */
function processStart(parent: string, child: string): ValuesOf {
  const image = child.includes('\\') ? child.replace(/^%(?:windir|systemroot)%/i, 'C:\\Windows') : SYSTEM + child;
  const name = image.slice(image.lastIndexOf('\\') + 1);
  const fields: Readonly<Record<string, string>> = {
    parentimage: SYSTEM + parent,
    image,
    originalfilename: name,
    commandline: image,
    newprocessname: image,
    parentprocessname: SYSTEM + parent,
  };
  return (field) => {
    const value = fields[field.toLowerCase()];
    return value === undefined ? [] : [value];
  };
}

function figureOf(
  said: readonly { readonly document: ChildrenDocument; readonly baseline: StaticBaseline }[],
): Figure | undefined {
  if (said.length === 0) return undefined;
  const open = said.filter(({ document }) => document.verdict.kind === 'open').map(({ baseline }) => baseline.parent);
  const hits = said.flatMap(({ baseline }) => baseline.hits);
  const measured = said.map(({ baseline }) => baseline);
  const nothing = { hitsPerDay: undefined, afterExclusions: undefined, measured };
  if (open.length > 0)
    return { ...nothing, reason: `${open.join(', ')} starts what it is told to: its file does not bound its children` };
  if (hits.length > 0)
    return {
      ...nothing,
      reason: `${hits.join(', ')} would be a hit, and is a child that the program starts by itself`,
    };
  const parents = said.map(({ baseline }) => baseline.parent).join(', ');
  return {
    hitsPerDay: { p50: 0, p90: 0 },
    afterExclusions: undefined,
    reason: `no history was asked; none of the children that the file of ${parents} names would be a hit`,
    measured,
  };
}
