// Names in MSVC's type descriptors: as written in C++, left as they are where odd, none where they are no names.
import { describe, expect, it } from 'vitest';
import { msvcClassName } from '../../src/pe/msvc-type-name.ts';

describe('a class name of Microsoft', () => {
  it.each([
    ['.?AVStart@CReport@@', 'CReport::Start'],
    ['.?AUPoint@@', 'Point'],
    ['.?AVLamp@?A0x12ab34cd@Harbour@@', 'Harbour::(anonymous namespace)::Lamp'],
    ['.?AV?$CComObject@VCLamp@@@ATL@@', 'ATL::CComObject<CLamp>'],
    ['.?AV?$Box@PEAVCLamp@@$0A@PEB_WH@Harbour@@', 'Harbour::Box<CLamp*, 0, const wchar_t*, int>'],
    ['.?AV?$Pair@VCLamp@@V1@@@', 'Pair<CLamp, CLamp>'],
    ['.?AV<lambda_0123>@@', '<lambda_0123>'],
    ['.?AV?$Odd@$1?f@@YAXXZ@@', 'Odd<&f>'],
    ['.?AV?$Odd@$2?f@@YAXXZ@@', '.?AV?$Odd@$2?f@@YAXXZ@@'],
    ['.?AV@@', '.?AV@@'],
    ['.?AVStart', undefined],
    ['alpha.exe', undefined],
  ])('%s is %s', (decorated, name) => expect(msvcClassName(decorated)).toBe(name));

  it('that goes on for ever is left as it stands', () => {
    const deep = `.?AV${'?$A@V'.repeat(200)}B@@${'@'.repeat(200)}@@`;
    expect(msvcClassName(deep)).toBe(deep);
  });
});
