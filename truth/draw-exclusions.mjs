// Draws exclusion clauses of Sigma and Elastic rules by a seed, and prints each with what its rule selects, to be judged by hand; uses nothing of Winnow.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse as parseToml } from 'smol-toml';
import { parseDocument } from 'yaml';

const { values: options } = parseArgs({
  options: {
    sigma: { type: 'string' },
    elastic: { type: 'string' },
    seed: { type: 'string', default: '8' },
    each: { type: 'string', default: '50' },
    json: { type: 'boolean', default: false },
  },
});
if (!options.sigma || !options.elastic) {
  console.error(
    'usage: node truth/draw-exclusions.mjs --sigma FOLDER --elastic FOLDER [--seed N] [--each N] [--json]\n' +
      '  --sigma FOLDER     rules/windows of SigmaHQ/sigma\n  --elastic FOLDER   rules/windows of elastic/detection-rules',
  );
  process.exit(2);
}

function filesUnder(folder, extension) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(extension))
    .map((name) => join(folder, name))
    .sort();
}

/** A generator of numbers from 0 to 1 (mulberry32). */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The names of a Sigma condition that stand under an odd number of `not`s. `not all of x*` is left out: it is one clause of several names. */
function negatedNames(condition, names) {
  const tokens = condition.match(/[()]|[^\s()]+/g) ?? [];
  const found = new Set();
  let at = 0;
  const primary = (isNegated) => {
    if (tokens[at] === '(') {
      at++;
      any(isNegated);
      at++;
      return;
    }
    if (tokens[at + 1]?.toLowerCase() === 'of') {
      const isAll = tokens[at].toLowerCase() === 'all';
      const pattern = tokens[at + 2];
      at += 3;
      const meant = names.filter((name) =>
        pattern === 'them' ? !name.startsWith('_') : new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name),
      );
      if (isNegated && (!isAll || meant.length === 1)) for (const name of meant) found.add(name);
      return;
    }
    if (isNegated) found.add(tokens[at]);
    at++;
  };
  const all = (isNegated) => {
    for (;;) {
      let isInner = isNegated;
      while (tokens[at]?.toLowerCase() === 'not') {
        isInner = !isInner;
        at++;
      }
      primary(isInner);
      if (tokens[at]?.toLowerCase() !== 'and') return;
      at++;
    }
  };
  const any = (isNegated) => {
    all(isNegated);
    while (tokens[at]?.toLowerCase() === 'or') {
      at++;
      all(isNegated);
    }
  };
  any(false);
  return [...found];
}

function sigmaClauses(folder) {
  return filesUnder(folder, '.yml').flatMap((file) => {
    const rule = parseDocument(readFileSync(file, 'utf8'), { logLevel: 'silent' }).toJS();
    const { condition, ...selections } = rule.detection ?? {};
    if (typeof condition !== 'string') return [];
    const names = Object.keys(selections);
    return negatedNames(condition, names).flatMap((name) => {
      const value = selections[name];
      const alternatives = Array.isArray(value) && value.every((one) => typeof one === 'object') ? value : [value];
      return alternatives.map((clause, index) => ({
        set: 'sigma',
        rule: rule.id,
        clause: alternatives.length === 1 ? name : `${name}[${index + 1}]`,
        text: clause,
        context: { title: rule.title, logsource: rule.logsource, detection: rule.detection },
      }));
    });
  });
}

/** Tokens of EQL with where they begin and end in the text. */
function eqlTokens(text) {
  const pattern =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"""[\s\S]*?"""|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|[\w?.@*~-]+|[^\s]/g;
  return [...text.matchAll(pattern)]
    .filter(([token]) => !token.startsWith('//') && !token.startsWith('/*'))
    .map(({ 0: token, index }) => ({ token, from: index, to: index + token.length }));
}

/** Spans [first, last] of tokens: the alternatives of each outermost `not`. */
function eqlExclusions(tokens) {
  const closing = (open) => {
    let depth = 0;
    for (let at = open; at < tokens.length; at++) {
      if ('([{'.includes(tokens[at].token)) depth++;
      if (')]}'.includes(tokens[at].token) && --depth === 0) return at;
    }
    return tokens.length - 1;
  };
  const splitAt = (first, last, word) => {
    const parts = [];
    let from = first;
    for (let at = first; at <= last; at++) {
      if ('([{'.includes(tokens[at].token)) at = closing(at);
      else if (tokens[at].token.toLowerCase() === word) {
        parts.push([from, at - 1]);
        from = at + 1;
      }
    }
    return [...parts, [from, last]];
  };
  const alternatives = (first, last) => {
    const parts = splitAt(first, last, 'or');
    if (parts.length > 1) return parts.flatMap(([from, to]) => alternatives(from, to));
    if (tokens[first].token === '(' && closing(first) === last) return alternatives(first + 1, last - 1);
    return [[first, last]];
  };
  const found = [];
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at].token.toLowerCase() !== 'not') continue;
    if (tokens[at + 1]?.token.toLowerCase() === 'in') continue;
    let last = at + 1;
    if (tokens[last].token === '(') last = closing(last);
    else
      while (last + 1 < tokens.length && !/^(?:and|or|by|with|until|[)\]|])$/i.test(tokens[last + 1].token)) {
        last++;
        if ('(['.includes(tokens[last].token)) last = closing(last);
      }
    found.push(...alternatives(at + 1, last));
    at = last;
  }
  return found;
}

function elasticClauses(folder) {
  return filesUnder(folder, '.toml').flatMap((file) => {
    const { rule } = parseToml(readFileSync(file, 'utf8'));
    if (rule?.language !== 'eql') return [];
    const tokens = eqlTokens(rule.query);
    return eqlExclusions(tokens).map(([first, last], index) => {
      const from = tokens[first].from;
      const before = rule.query.slice(0, from).split('\n');
      return {
        set: 'elastic',
        rule: rule.rule_id,
        clause: `${index + 1}`,
        /** Of the query, from 1. */
        line: before.length,
        column: before.at(-1).length + 1,
        text: rule.query.slice(from, tokens[last].to),
        context: { title: rule.name, query: rule.query },
      };
    });
  });
}

function draw(population, amount, random) {
  const left = [...population];
  return Array.from({ length: amount }, () => left.splice(Math.floor(random() * left.length), 1)[0]);
}

const random = numbers(Number(options.seed));
const sigma = sigmaClauses(options.sigma);
const elastic = elasticClauses(options.elastic);
const drawn = [...draw(sigma, Number(options.each), random), ...draw(elastic, Number(options.each), random)];
if (options.json) console.log(JSON.stringify(drawn, null, 1));
else
  for (const [index, one] of drawn.entries()) {
    console.log(
      `\n#### ${index + 1} ${one.set} ${one.rule} ${one.clause}${one.line ? ` (${one.line}:${one.column})` : ''}: ${one.context.title}`,
    );
    console.log(`CLAUSE ${typeof one.text === 'string' ? one.text : JSON.stringify(one.text)}`);
    console.log(one.context.query ?? JSON.stringify({ ...one.context.logsource, ...one.context.detection }));
  }
console.error(`drawn with seed ${options.seed} from ${sigma.length} clauses of Sigma and ${elastic.length} of Elastic`);
