// Runs `winnow design` in this process on trees that are written as YAML files, for the tests that hold it against the models.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { dispatch } from '../../../src/cli/dispatch.ts';
import { keptFace } from '../../cli/example-document.ts';
import type { Plain } from './funnel-model.ts';
import type { Random } from './random.ts';
import type { RandomCase } from './random-dossiers.ts';
import { anyStyle, type Style, writeYaml } from './yaml-writer.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder that is there until `remove`. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'winnow-design-'));
  #count = 0;

  /** Files of one run, in a folder of their own; their paths in the same order. */
  write(files: readonly { readonly name: string; readonly text: string }[]): readonly string[] {
    const folder = join(this.path, String(++this.#count));
    mkdirSync(folder);
    return files.map(({ name, text }) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    });
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

export async function runDesign(...words: readonly string[]): Promise<Ran> {
  const kept = keptFace();
  const code = await dispatch(['design', ...words], kept, '0.0.0');
  return { code, out: kept.stdout(), err: kept.stderr() };
}

export interface OnDisk {
  readonly dossiers: readonly string[];
  readonly environment: string;
  /** What the texts hold, as the package `yaml` reads them. */
  readonly techniques: readonly Plain[];
  readonly environmentPlain: Plain;
}

/** A case as files: a file each, dossiers together in one, or a dossier and the environment in one. */
export function writeCase(folder: Folder, one: RandomCase, random: Random, style: Partial<Style> = {}): OnDisk {
  const styleOf = (): Style => ({ ...anyStyle(random), ...style });
  const write = (...trees: Parameters<typeof writeYaml>[0]): string => {
    const text = writeYaml(trees, styleOf(), random).text;
    if (random.chance(0.1)) return text.replaceAll('\n', '\r\n');
    return random.chance(0.1) ? `\uFEFF${text}` : text;
  };
  const plain = (tree: RandomCase['environment']): Plain => {
    const read = parseDocument(writeYaml([tree], styleOf(), random).text).toJS();
    return read as Plain;
  };
  const kept = { techniques: one.dossiers.map(plain), environmentPlain: plain(one.environment) };
  if (random.chance(0.2)) {
    const [path] = folder.write([
      { name: 'all.yml', text: write(...random.shuffled([...one.dossiers, one.environment])) },
    ]);
    return { dossiers: [path], environment: path, ...kept };
  }
  const together = one.dossiers.length > 1 && random.chance(0.2);
  const texts = together ? [write(...one.dossiers)] : one.dossiers.map((dossier) => write(dossier));
  const [environment, ...dossiers] = folder.write([
    { name: 'environment.yml', text: write(one.environment) },
    ...texts.map((text, i) => ({ name: `dossier-${i}.yml`, text })),
  ]);
  return { dossiers, environment, ...kept };
}
