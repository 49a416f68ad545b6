// The msvc name reader on functions: as written in C++ and C, left as they are where odd, and never without end.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { msvcFunctionName, plainFunctionName } from '../../src/pe/msvc-function-name.ts';

describe('the msvc name reader, by msvc letters', () => {
  it.each([
    ['?StartPilotProcess@CPilotPlugIn@Harbour@@QEAA_NPEB_W@Z', 'Harbour::CPilotPlugIn::StartPilotProcess'],
    ['?plain@@YAXXZ', 'plain'],
    ['??0Line@Harbour@@QEAA@H@Z', 'Harbour::Line::Line'],
    ['??1CPilotPlugIn@Harbour@@UEAA@XZ', 'Harbour::CPilotPlugIn::~CPilotPlugIn'],
    ['??0?$Box@V?$Box@H@@@@QEAA@XZ', 'Box<Box<int>>::Box'],
    ['??0<lambda_1>@@QEAA@XZ', '<lambda_1>::<lambda_1>'],
    ['??_GCPilotPlugIn@Harbour@@UEAAPEAXI@Z', "Harbour::CPilotPlugIn::`scalar deleting destructor'"],
    ['??8Line@Harbour@@QEBA_NAEBU01@@Z', 'Harbour::Line::operator=='],
    ['??RLine@Harbour@@QEAAHH@Z', 'Harbour::Line::operator()'],
    ['??2@YAPEAX_K@Z', 'operator new'],
    ['??_U@YAPEAX_K@Z', 'operator new[]'],
    ['??__K_deg@@YAHO@Z', 'operator ""_deg'],
    ['??BLine@Harbour@@QEBAIXZ', 'Harbour::Line::operator unsigned int'],
    ['??BLine@Harbour@@QEBAP6AHPEBD@ZXZ', 'Harbour::Line::operator int (*)(const char*)'],
    [
      '??$Swap@_W@?$Berth@ULine@Harbour@@$02@Harbour@@QEAAPEA_WPEA_W@Z',
      'Harbour::Berth<Harbour::Line, 3>::Swap<wchar_t>',
    ],
    ['?Moor@?$Berth@ULine@Harbour@@$02@Harbour@@QEAAHAEBULine@2@@Z', 'Harbour::Berth<Harbour::Line, 3>::Moor'],
    ['?Depth@Hidden@?A0x12ab34cd@Harbour@@QEAAHH@Z', 'Harbour::(anonymous namespace)::Hidden::Depth'],
    ['??R<lambda_0>@?0??Moor@Line@Harbour@@QEAAHPEAU23@0H@Z@QEBA@H@Z', 'Harbour::Line::Moor::<lambda_0>::operator()'],
    ['?Go@?$Call@P6AXHZZ@@QEAAXXZ', 'Call<void (*)(int, ...)>::Go'],
    ['?Go@?$Call@P8Line@@EAAHH@Z@@QEAAXXZ', 'Call<int (Line::*)(int)>::Go'],
    ['?Go@?$Call@$$A6AHPEAH0@Z@@QEAAXXZ', 'Call<int(int*, int*)>::Go'],
    ['?Go@?$Call@$1?f@@YAXXZ$$V@@QEAAXXZ', 'Call<&f>::Go'],
    ['?Go@?$Array@$$BY0BA@$$CBH@@QEAAXXZ', 'Array<const int[16]>::Go'],
    ['?Go@?$Array@$$BY0A@_W@@QEAAXXZ', 'Array<wchar_t[]>::Go'],
    ['?Go@?$Array@W4Tide@Harbour@@$$QEAH$$T$0?0@@QEAAXXZ', 'Array<Harbour::Tide, int&&, std::nullptr_t, -1>::Go'],
    ['?Report@CPilotPlugIn@@W7EAAXXZ', "CPilotPlugIn::Report`adjustor'"],
    ['??__Etide@@YAXXZ', "`dynamic initializer for 'tide''"],
    ['??__F?tide@Line@@0HA@@YAXXZ', "`dynamic atexit destructor for 'Line::tide''"],
    ['?Odd@?Z?@@YAXXZ', '?Odd@?Z?@@YAXXZ'],
    ['?', '?'],
    ['??@0123456789abcdef0123456789abcdef@', '??@0123456789abcdef0123456789abcdef@'],
  ])('%s is %s', (decorated, name) => {
    expect(msvcFunctionName(decorated, false)).toBe(name);
    expect(msvcFunctionName(decorated, true)).toBe(name);
  });

  it.each([
    ['_plainTide', 'plainTide', '_plainTide'],
    ['__purecall', '_purecall', '__purecall'],
    ['_standardTide@8', 'standardTide', '_standardTide@8'],
    ['@fastTide@8', 'fastTide', '@fastTide@8'],
    ['vectorTide@@16', 'vectorTide', 'vectorTide'],
    ['plainTide', 'plainTide', 'plainTide'],
    ['@', '@', '@'],
    ['_', '_', '_'],
  ])('of C, %s is %s on x86 and %s on x64', (decorated, onX86, onX64) => {
    expect([msvcFunctionName(decorated, true), msvcFunctionName(decorated, false)]).toEqual([onX86, onX64]);
  });

  it('out of private symbols has its anonymous namespaces as elsewhere', () => {
    expect(plainFunctionName("Harbour::`anonymous namespace'::Hidden::Depth")).toBe(
      'Harbour::(anonymous namespace)::Hidden::Depth',
    );
  });
});

describe('a decorated text of whatever letters', () => {
  it('is read in bounded time to a name of bounded length', () => {
    const pieces = fc.array(
      fc.constantFrom(
        ...'?@$0123456789ABEHPQVXYZ_',
        '?$',
        '@@',
        'PEAV',
        '?A',
        'QEAA',
        '??0',
        '$$A6',
        '?0??',
        '$1?',
        'a',
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(pieces, (letters) => {
        const decorated = `?${letters.join('')}`;
        expect(msvcFunctionName(decorated, true).length).toBeLessThanOrEqual(4300);
      }),
      { numRuns: 3000 },
    );
    const doubling = Array.from({ length: 9 }, (_, i) => `?$T@V${i > 0 ? `${i}@V${i}@` : 'a@@'}@`).join('');
    expect(msvcFunctionName(`?f@${doubling}@YAXXZ`, false).length).toBeLessThan(4300);
    const deep = `?f@${'?$A@V'.repeat(800)}`;
    expect(msvcFunctionName(deep, false)).toBe(deep);
    const nested = `?x@${'?1??'.repeat(800)}`;
    expect(msvcFunctionName(nested, false)).toBe(nested);
  });
});
