// Expressions as functions over an event: constants, fields, arithmetic and calls; a value that is not there makes all that is built on it unknown.

import { UnsupportedError } from '../errors.ts';
import type { Binding, Truth } from './binding.ts';
import type { Call, Compare, Condition, Each, Expression, Holds, Meets } from './condition.ts';
import { asNumber, divided, functionNamed, type Result, remainder } from './functions.ts';
import { dateMath, utcTime } from './time.ts';
import { inOrder, meets, meetsField, type Value } from './value-match.ts';
import type { Order } from './value-test.ts';

/** How conditions within expressions are compiled. */
export type CompileCondition = <E>(condition: Condition, binding: Binding<E>) => (event: E) => Truth;

export function compileTruth<E>(
  condition: Compare | Holds,
  binding: Binding<E>,
  compile: CompileCondition,
): (event: E) => Truth {
  if (condition.kind === 'holds') {
    const of = compileExpression(condition.of, binding, compile);
    return (event) => {
      const value = of(event);
      if (value === null) return null;
      return Array.isArray(value) ? value.includes(true) : value === true;
    };
  }
  const { op, cased } = condition;
  const left = compileExpression(condition.left, binding, compile);
  const right = compileExpression(condition.right, binding, compile);
  if ((op === 'eq' || op === 'ne') && (isNull(condition.left) || isNull(condition.right)))
    return (event) => (valuesIn(left(event)).length + valuesIn(right(event)).length === 0) === (op === 'eq');
  const ordered = inTime(condition.left, condition.right, op);
  return (event) => {
    const [ours, theirs] = [valuesIn(left(event)), valuesIn(right(event))];
    if (ours.length === 0 || theirs.length === 0) return null;
    return ours.some((one) => theirs.some((other) => ordered?.(one, other) ?? compares(one, other, op, cased)));
  };
}

/** Where one side is a point in time that is calculated ("now-1d"): whether the other's value is in that order to it, undefined where that is no time. */
function inTime(
  left: Expression,
  right: Expression,
  op: Compare['op'],
): ((one: Value, other: Value) => boolean | undefined) | undefined {
  if (op === 'eq' || op === 'ne') return undefined;
  const now = Date.now();
  // What is rounded stands for all of its time: later than a month is behind its end.
  const than = (side: Expression, roundUp: boolean): number | undefined =>
    side.kind === 'constant' && typeof side.value === 'string' ? dateMath(side.value, now, roundUp) : undefined;
  const [first, second] = [than(left, op === 'lt' || op === 'gte'), than(right, op === 'gt' || op === 'lte')];
  if (second !== undefined) return (one) => orderOf(timeIn(one), second, op);
  if (first !== undefined) return (_, other) => orderOf(first, timeIn(other), op);
  return undefined;
}

function orderOf(one: number | undefined, other: number | undefined, op: Order): boolean | undefined {
  return one === undefined || other === undefined ? undefined : inOrder(one, op, other);
}

/** A text's point in time; a number is milliseconds. */
function timeIn(value: Value): number | undefined {
  return typeof value === 'string' ? utcTime(value) : typeof value === 'number' ? value : undefined;
}

function isNull(expression: Expression): boolean {
  return expression.kind === 'constant' && expression.value === null;
}

/** The plain values of a result; something with members counts as one, so that it is there. */
function valuesIn(result: Result): readonly Value[] {
  if (result === null) return [];
  if (typeof result !== 'object') return [result];
  return Array.isArray(result) ? result.flatMap(valuesIn) : ['{}'];
}

function compares(left: Value, right: Value, op: Compare['op'], cased: boolean): boolean {
  if (op === 'ne') return !compares(left, right, 'eq', cased);
  if (typeof left === 'string' && typeof right === 'string') {
    const [one, other] = [utcTime(left), utcTime(right)];
    if (one !== undefined && other !== undefined) return inOrder(one, op, other);
    const [ours, theirs] = cased ? [left, right] : [left.toLowerCase(), right.toLowerCase()];
    return op === 'eq' ? ours === theirs : inOrder(ours < theirs ? -1 : ours > theirs ? 1 : 0, op, 0);
  }
  if (typeof left === 'boolean' || typeof right === 'boolean')
    return op === 'eq' && String(left).toLowerCase() === String(right).toLowerCase();
  return inOrder(pointInOrder(left, right), op, pointInOrder(right, left));
}

/** As a number, or as a point in time where the other is one in milliseconds. */
function pointInOrder(value: Value, other: Value): number {
  const number = asNumber(value);
  return Number.isNaN(number) && typeof value === 'string' && typeof other === 'number'
    ? (utcTime(value) ?? Number.NaN)
    : number;
}

export function compileExpression<E>(
  expression: Expression,
  binding: Binding<E>,
  compile: CompileCondition,
): (event: E) => Result {
  switch (expression.kind) {
    case 'constant': {
      const { value } = expression;
      return () => value;
    }
    case 'field': {
      const values = binding.field(expression.name);
      return (event) => {
        const found = values(event);
        return found.length === 0 ? null : found.length === 1 ? found[0] : found;
      };
    }
    case 'member': {
      const { name, path } = expression;
      if (binding.part) return binding.part(name, path);
      const values = binding.field(name);
      const [index] = path;
      return (event) => (path.length === 1 ? (values(event)[Number(index)] ?? null) : null);
    }
    case 'variable': {
      const { name, path } = expression;
      if (!binding.variable) throw new UnsupportedError(`the variable "${name}" outside of its expression`);
      const value = binding.variable(name);
      return () => partOf(value(), path);
    }
    case 'negative': {
      const of = compileExpression(expression.of, binding, compile);
      return (event) => overLists([of(event)], ([value]) => numeric(value, (number) => -number));
    }
    case 'arithmetic': {
      const left = compileExpression(expression.left, binding, compile);
      const right = compileExpression(expression.right, binding, compile);
      const { op } = expression;
      const isFloat = hasPoint(expression);
      return (event) =>
        overLists([left(event), right(event)], ([one, other]) =>
          numeric(one, (x) => numeric(other, (y) => calculate(x, op, y, isFloat))),
        );
    }
    case 'truth':
      return compile(expression.of, binding);
    case 'call':
      return compileCall(expression, binding, compile);
    case 'meets':
      return compileMeets(expression, binding, compile);
    case 'each':
      return compileEach(expression, binding, compile);
    case 'related': {
      if (!binding.related)
        throw new UnsupportedError(`"${expression.relation} of" where events are looked at one by one`);
      return binding.related(expression);
    }
  }
}

function compileCall<E>(expression: Call, binding: Binding<E>, compile: CompileCondition): (event: E) => Result {
  const { name, cased, dialect = 'elastic' } = expression;
  const row = functionNamed(name, dialect);
  if (!row) throw new UnsupportedError(`the function "${name}" is not evaluated`);
  const args = expression.args.map((one) => compileExpression(one, binding, compile));
  const isFloat = expression.args.some(hasPoint);
  const own = dialect === 'endgame' ? (row.endgame ?? row.call) : row.call;
  const call: typeof own =
    row.name === 'divide' && isFloat
      ? ([x, y]) => numeric(x, (one) => numeric(y, (other) => divided(one, other, dialect, true)))
      : own;
  // The first dialect hands lists to a function, Elasticsearch asks it of each value.
  if (dialect === 'endgame')
    return (event) =>
      call(
        args.map((one) => one(event)),
        cased,
      );
  return (event) =>
    overLists(
      args.map((one) => one(event)),
      (values) => call(values, cased),
    );
}

function compileMeets<E>({ of, values }: Meets, binding: Binding<E>, compile: CompileCondition): (event: E) => Result {
  const given = compileExpression(of, binding, compile);
  const tests = values.map((test): ((own: readonly Value[], event: E) => boolean) => {
    if (test.kind !== 'field') return meets(test);
    const other = binding.field(test.name);
    return (own, event) => meetsField(test, own, other(event));
  });
  const isOfNothing = values.some((test) => test.kind === 'exists' || test.kind === 'null');
  return (event) => {
    const own = valuesIn(given(event));
    return own.length === 0 && !isOfNothing ? null : tests.some((test) => test(own, event));
  };
}

function compileEach<E>(
  { result, list, variable, holds }: Each,
  binding: Binding<E>,
  compile: CompileCondition,
): (event: E) => Result {
  let member: Result = null;
  const own = (): Result => member;
  const inner: Binding<E> = {
    ...binding,
    variable: (name) => (name === variable ? own : (binding.variable?.(name) ?? (() => null))),
  };
  const members =
    list.kind === 'field' && binding.part ? binding.part(list.name, []) : compileExpression(list, binding, compile);
  const condition = compile(holds, inner);
  return (event) => {
    const given = members(event);
    if (given === null) return null;
    let count = 0;
    for (const one of Array.isArray(given) ? (given as readonly Result[]) : [given]) {
      const outer = member;
      member = one;
      if (condition(event) === true) count++;
      member = outer;
      if (count > 0 && result === 'any') return true;
    }
    return result === 'any' ? false : count;
  };
}

/** What stands at a path within a value. */
export function partOf(value: Result, path: readonly (string | number)[]): Result {
  let part = value;
  for (const step of path) {
    if (part === null || typeof part !== 'object' || !Object.hasOwn(part, step)) return null;
    part = (part as Readonly<Record<string | number, Result>>)[step] ?? null;
  }
  return part;
}

/** Combinations of values that are tried at most. */
const MOST_COMBINATIONS = 1000;

/** The results for each combination of the values where arguments are lists; the one result where none is. */
function overLists(args: readonly Result[], of: (values: readonly Result[]) => Result): Result {
  if (!args.some(Array.isArray)) return of(args);
  let all: readonly (readonly Result[])[] = [[]];
  for (const arg of args) {
    const values = Array.isArray(arg) ? (arg as readonly Result[]) : [arg];
    all = all.flatMap((front) => values.map((value) => [...front, value])).slice(0, MOST_COMBINATIONS);
  }
  const results = all.map(of).filter((result) => result !== null);
  return results.length === 0 ? null : results;
}

function numeric(result: Result, then: (value: number) => Result): Result {
  const value = asNumber(result);
  return Number.isNaN(value) ? null : then(value);
}

/** Whether a number in it is written with a point, so that a division is not rounded. */
function hasPoint(expression: Expression): boolean {
  if (expression.kind === 'constant') return expression.float === true;
  if (expression.kind === 'arithmetic') return hasPoint(expression.left) || hasPoint(expression.right);
  if (expression.kind === 'negative') return hasPoint(expression.of);
  return expression.kind === 'call' && CALCULATES.has(expression.name) && expression.args.some(givesPoint);
}

/** Functions whose result is a float where an argument is one. */
const CALCULATES: ReadonlySet<string> = new Set(['add', 'subtract', 'multiply', 'divide', 'modulo', 'number']);

/** Of what is calculated with: a number with a point, or a text of one. */
function givesPoint(argument: Expression): boolean {
  if (argument.kind !== 'constant' || typeof argument.value !== 'string') return hasPoint(argument);
  return /^\s*[+-]?(?!0[xX])[\d.]*(?:\.|\d[eE])/.test(argument.value);
}

function calculate(left: number, op: '+' | '-' | '*' | '/' | '%', right: number, isFloat: boolean): Result {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return divided(left, right, 'elastic', isFloat);
    case '%':
      return remainder(left, right, 'elastic');
  }
}
