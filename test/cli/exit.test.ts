// Exit codes and the line of each failure.
import { describe, expect, it } from 'vitest';
import { exitCodeOf, failureLine } from '../../src/cli/exit.ts';
import { count, listed, plain, progressOn } from '../../src/cli/print.ts';
import { FormatError, InputError, UnsupportedError, UsageError } from '../../src/errors.ts';
import { keptFace } from './example-document.ts';

describe('failures', () => {
  it.each([
    [new UsageError('u'), 2],
    [new UnsupportedError('u'), 2],
    [new InputError('i'), 3],
    [new FormatError('f'), 3],
    [new TypeError('t'), 70],
    ['thrown text', 70],
    [undefined, 70],
  ])('%s ends with %i', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });

  it('are one line, whatever a file put in them', () => {
    expect(failureLine(new InputError('a\nb\x1b[2J'))).toBe('winnow: a\\x0ab\\x1b[2J\n');
    expect(failureLine(new TypeError('x is\nundefined'))).toBe(
      'winnow: unexpected: TypeError: x is\\x0aundefined (set WINNOW_DEBUG=1 for the stack)\n',
    );
  });

  it('show the stack of an unexpected error when asked, and only of that', () => {
    expect(failureLine(new TypeError('t'), true)).toMatch(/^winnow: unexpected: TypeError: t\n +at /);
    expect(failureLine(new InputError('i'), true)).toBe('winnow: i\n');
  });
});

describe('print', () => {
  it('makes text harmless and leaves writing systems alone', () => {
    expect(plain('a\tb\r\n\x00\x7f\x85\u2028\u2066')).toBe('a\\x09b\\x0d\\x0a\\x00\\x7f\\x85\\u{2028}\\u{2066}');
    expect(plain('Prüfung 報告 отчёт C:\\x')).toBe('Prüfung 報告 отчёт C:\\x');
    expect(plain('a\nb', '\n')).toBe('a\nb');
  });

  it('counts and lists in words', () => {
    expect([count(1, 'site'), count(0, 'site'), count(2, 'child', 'children')]).toEqual([
      '1 site',
      '0 sites',
      '2 children',
    ]);
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'], 'or')]).toEqual([
      '',
      'a',
      'a and b',
      'a, b or c',
    ]);
  });

  it('shows progress on a terminal only, late, seldom, and takes it away again', () => {
    let time = 0;
    const face = keptFace({ errIsTerminal: true });
    const progress = progressOn(face, false, () => time);
    for (; time < 1000; time += 10) progress.step('Reading', time, 1000);
    progress.end();
    const lines = face
      .stderr()
      .split('\r')
      .filter((line) => line.trim() !== '');
    expect(lines[0]).toBe('Reading 300/1000');
    expect(lines).toHaveLength(7);
    expect(face.stderr()).toMatch(/\r +\r$/);
    expect(face.stdout()).toBe('');

    for (const [silent, quiet] of [
      [keptFace(), false],
      [keptFace({ errIsTerminal: true }), true],
    ] as const) {
      const nothing = progressOn(silent, quiet, () => time);
      time += 1000;
      nothing.step('Reading', 1, 2);
      nothing.end();
      expect(silent.stderr()).toBe('');
    }
  });
});
