// A FILETIME as the parts of a date: 100 ns since 1 January 1601, UTC (minwinbase.h).

/** 100 ns of a day. */
const DAY_TICKS = 864_000_000_000n;

/** "2016-07-08T18:12:51.6816402Z": the whole 100 ns, as Windows writes them. */
export function fileTimeText(ticks: bigint): string {
  const day = Number(ticks / DAY_TICKS);
  const { year, month, date } = civilDay(day);
  const within = Number(ticks % DAY_TICKS);
  const seconds = Math.floor(within / 1e7);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(date, 2)}T${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}.${pad(within % 1e7, 7)}Z`;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}

/** The Gregorian date of a day counted from 1 January 1601. */
export function civilDay(day: number): { readonly year: number; readonly month: number; readonly date: number } {
  // Counted from 1 March 1600, so that a leap day ends a year; 1601-01-01 is day 306 of that count.
  const z = day + 306;
  const era = Math.floor(z / 146_097);
  const ofEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * ofYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: 1600 + yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    date: ofYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}
