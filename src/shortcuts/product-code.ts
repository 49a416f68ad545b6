// The descriptor of an advertised target: the installed product that a shortcut asks Windows Installer for, with its feature and component.

export interface AdvertisedTarget {
  /** As it stands in the file. */
  readonly descriptor: string;
  /** Product code, upper case in braces; absent where the descriptor does not hold one. */
  readonly product?: string;
  readonly feature?: string;
  /** Component code, upper case in braces. */
  readonly component?: string;
}

const DIGITS = "!$%&'()*+,-.0123456789=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{}~";
/** Characters of a GUID: four groups of five digits to the base 85, the least first. */
const GUID_LENGTH = 20;

/** A descriptor is a product code, the feature's name, and ">" with the component's code or "<" without. */
export function readDescriptor(descriptor: string): AdvertisedTarget {
  const product = guidOf(descriptor.slice(0, GUID_LENGTH));
  if (product === undefined) return { descriptor };
  const rest = descriptor.slice(GUID_LENGTH);
  const mark = rest.search(/[<>]/);
  if (mark < 0) return { descriptor, product };
  const component = rest[mark] === '>' ? guidOf(rest.slice(mark + 1, mark + 1 + GUID_LENGTH)) : undefined;
  return {
    descriptor,
    product,
    ...(mark === 0 ? {} : { feature: rest.slice(0, mark) }),
    ...(component === undefined ? {} : { component }),
  };
}

function guidOf(text: string): string | undefined {
  if (text.length !== GUID_LENGTH) return undefined;
  let hex = '';
  for (let group = 0; group < GUID_LENGTH; group += 5) {
    let value = 0;
    for (let i = 4; i >= 0; i--) {
      const digit = DIGITS.indexOf(text[group + i]);
      if (digit < 0) return undefined;
      value = value * 85 + digit;
    }
    if (value > 0xffffffff) return undefined;
    hex += value.toString(16).padStart(8, '0');
  }
  // The second number holds two of 16 bits, the last two eight bytes; all lie in the file's order.
  const bytes = (from: number): string => (hex.slice(from, from + 8).match(/../g) ?? []).reverse().join('');
  const tail = `${bytes(16)}${bytes(24)}`;
  return `{${hex.slice(0, 8)}-${hex.slice(12, 16)}-${hex.slice(8, 12)}-${tail.slice(0, 4)}-${tail.slice(4)}}`.toUpperCase();
}
