// Texts that name a method, a source file or a component of a log, and those that only look like it.
import { describe, expect, it } from 'vitest';
import { classOf, logComponent, methodIn, sourceFile } from '../../src/code/source-names.ts';

describe('a method', () => {
  it.each([
    ['CReport::Start', 'CReport::Start'],
    ['Harbour::Lamp::~Lamp', 'Harbour::Lamp::~Lamp'],
    ['CReport::Start: no memory (%x)', 'CReport::Start'],
    ['[CReport::Start] begins', 'CReport::Start'],
    ['CReport::Start() hr=%x', 'CReport::Start'],
    ['void __cdecl CReport::Start(int)', 'CReport::Start'],
  ])('is named by %j', (text, name) => expect(methodIn(text)).toBe(name));

  it.each([
    'std::exception',
    'wil::ResultException: %s',
    'CReport::Start failed',
    '::{20D04FE0-3AEA-1069-A2D8-08002B30309D}',
    'manual.chm::/html/lamp.htm',
    'see CReport::Start',
    'CReport::',
    '',
    `${'a::'.repeat(400)}b`,
  ])('is not named by %j', (text) => expect(methodIn(text)).toBeUndefined());

  it('belongs to the class before its last part', () => expect(classOf('A::B::c')).toBe('A::B'));
});

describe('a source file', () => {
  it.each([
    ['onecore\\lamp\\beacon.cpp', 'source'],
    ['C:\\src\\lamp (old)\\beacon.c', 'source'],
    ['../lib/beacon.cc', 'source'],
    ['lamp\\inc\\beacon.h', 'header'],
    ['lamp/beacon.inl', 'header'],
    ['*.cpp', undefined],
    ['beacon.cpp', undefined],
    ['lamp\\beacon.cs', undefined],
    ['https://example.org/beacon.c', undefined],
    ['open lamp\\beacon.cpp: failed', undefined],
  ])('%j is %s', (text, kind) => expect(sourceFile(text)).toBe(kind));
});

describe('the component of a log text', () => {
  it.each([
    ['WER/Queue:%u: ERROR no memory', 'WER/Queue'],
    ['Lamp ERROR: %s:%d', 'Lamp'],
    ['[Lamp] WARNING dim', 'Lamp'],
    ['An ERROR', undefined],
    ['%s: ERROR', undefined],
    ['Lamp: error of no weight', undefined],
  ])('of %j is %s', (text, component) => expect(logComponent(text)).toBe(component));
});
