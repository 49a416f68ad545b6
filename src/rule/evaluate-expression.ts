// Expressions as functions over an event: constants, fields, arithmetic and calls; a value that is not there makes all that is built on it unknown.

import { UnsupportedError } from '../errors.ts';
import type { Binding, Truth } from './binding.ts';
import type { Compare, Condition, Expression, Holds } from './condition.ts';
import { FUNCTIONS, type Result } from './functions.ts';
import { inOrder, numberOf, type Value } from './value-match.ts';

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
      return value === null ? null : value === true;
    };
  }
  const { op, cased } = condition;
  const left = compileExpression(condition.left, binding, compile);
  const right = compileExpression(condition.right, binding, compile);
  return (event) => {
    const [ours, theirs] = [listOf(left(event)), listOf(right(event))];
    if (ours.length === 0 || theirs.length === 0) return null;
    return ours.some((one) => theirs.some((other) => compares(one, other, op, cased)));
  };
}

function listOf(result: Result): readonly Value[] {
  if (result === null) return [];
  return typeof result === 'object' ? result : [result];
}

function compares(left: Value, right: Value, op: Compare['op'], cased: boolean): boolean {
  if (op === 'ne') return !compares(left, right, 'eq', cased);
  if (typeof left === 'string' && typeof right === 'string') {
    const [ours, theirs] = cased ? [left, right] : [left.toLowerCase(), right.toLowerCase()];
    return op === 'eq' ? ours === theirs : inOrder(ours < theirs ? -1 : ours > theirs ? 1 : 0, op, 0);
  }
  if (typeof left === 'boolean' && typeof right === 'boolean') return op === 'eq' && left === right;
  return inOrder(asNumber(left), op, asNumber(right));
}

function asNumber(value: Value): number {
  return typeof value === 'string' ? numberOf(value) : typeof value === 'number' ? value : Number.NaN;
}

function compileExpression<E>(
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
    case 'negative': {
      const of = compileExpression(expression.of, binding, compile);
      return (event) => numeric(of(event), (value) => -value);
    }
    case 'arithmetic': {
      const left = compileExpression(expression.left, binding, compile);
      const right = compileExpression(expression.right, binding, compile);
      const { op } = expression;
      return (event) => numeric(left(event), (one) => numeric(right(event), (other) => calculate(one, op, other)));
    }
    case 'truth':
      return compile(expression.of, binding);
    case 'call': {
      const { name, cased } = expression;
      if (!Object.hasOwn(FUNCTIONS, name)) throw new UnsupportedError(`the function "${name}" is not evaluated`);
      const call = FUNCTIONS[name];
      const args = expression.args.map((one) => compileExpression(one, binding, compile));
      return (event) =>
        call(
          args.map((one) => one(event)),
          cased,
        );
    }
  }
}

function numeric(result: Result, then: (value: number) => Result): Result {
  if (result === null || typeof result === 'object') return null;
  const value = asNumber(result as Value);
  return Number.isNaN(value) ? null : then(value);
}

function calculate(left: number, op: '+' | '-' | '*' | '/' | '%', right: number): Result {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? null : left / right;
    case '%':
      return right === 0 ? null : left % right;
  }
}
