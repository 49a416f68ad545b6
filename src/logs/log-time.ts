// Times as logs and people write them, as 100 ns since 1601.

/** 100 ns between 1601 and 1970. */
const UNIX_EPOCH = 116_444_736_000_000_000n;
const TICKS_A_MILLISECOND = 10_000n;

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/;
/** As Sentinel's portal and Event Viewer export it in English: month first, UTC. */
const ENGLISH = /^(\d{1,2})\/(\d{1,2})\/(\d{4}),? (\d{1,2}):(\d\d):(\d\d)(?:\.(\d{1,9}))?\s*(AM|PM)?$/i;

/** 100 ns since 1601, UTC; one without a zone is taken as UTC. Undefined of a text that is no time. */
export function ticksOf(text: string): bigint | undefined {
  const trimmed = text.trim();
  const iso = ISO.exec(trimmed);
  if (iso) {
    const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = iso;
    return ticksAt([year, month, day, hour, minute, second].map(Number), fraction, zone);
  }
  const english = ENGLISH.exec(trimmed);
  if (english) {
    const [, month, day, year, hour, minute, second, fraction = '', half] = english;
    const hours = half ? (Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0) : Number(hour);
    return ticksAt([year, month, day, hours, minute, second].map(Number), fraction, 'Z');
  }
  // As PowerShell 5 writes a date in JSON.
  const date = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(trimmed);
  if (date) return BigInt(date[1]) * TICKS_A_MILLISECOND + UNIX_EPOCH;
  // Seconds or milliseconds since 1970.
  if (/^\d{13}$/.test(trimmed)) return BigInt(trimmed) * TICKS_A_MILLISECOND + UNIX_EPOCH;
  if (/^\d{10}(\.\d+)?$/.test(trimmed)) {
    const [whole, fraction = ''] = trimmed.split('.');
    return BigInt(whole) * 10_000_000n + fractionTicks(fraction) + UNIX_EPOCH;
  }
  return undefined;
}

function ticksAt(parts: readonly number[], fraction: string, zone: string): bigint | undefined {
  const [year, month, day, hour, minute, second] = parts;
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const at = new Date(time);
  // Date.UTC takes 31 February for 3 March.
  if (
    Number.isNaN(time) ||
    at.getUTCMonth() !== month - 1 ||
    at.getUTCDate() !== day ||
    hour > 23 ||
    minute > 59 ||
    second > 60
  )
    return undefined;
  const offset = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  const minutes = offset ? (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
  return BigInt(time - minutes * 60_000) * TICKS_A_MILLISECOND + UNIX_EPOCH + fractionTicks(fraction);
}

function fractionTicks(fraction: string): bigint {
  return BigInt(fraction.slice(0, 7).padEnd(7, '0'));
}
