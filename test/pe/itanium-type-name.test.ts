// Names in the type_info of GCC and clang: as written in C++, left as they are where odd, none where they are no names.
import { describe, expect, it } from 'vitest';
import { itaniumClassName } from '../../src/pe/itanium-type-name.ts';

describe('a class name of GCC and clang', () => {
  it.each([
    ['7CReport', 'CReport'],
    ['N7Harbour4LampE', 'Harbour::Lamp'],
    ['*N12_GLOBAL__N_14LampE', '(anonymous namespace)::Lamp'],
    ['N7Harbour3BoxIP4LampLi3EbEE', 'Harbour::Box<Lamp*, 3, bool>'],
    ['St9exception', 'std::exception'],
    ['3BoxI4LampS0_E', 'Box<Lamp, Lamp>'],
    ['9Short', undefined],
    ['3com', 'com'],
    ['CLamp', undefined],
    ['12345', undefined],
  ])('%s is %s', (mangled, name) => expect(itaniumClassName(mangled)).toBe(name));

  it('that goes on for ever is left as it stands', () => {
    const deep = `${'3BoxI'.repeat(200)}i${'E'.repeat(200)}`;
    expect(itaniumClassName(deep)).toBe(deep);
  });
});
