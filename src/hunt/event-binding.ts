// How a condition reaches the values of an event of any log, by the names that the event itself has.

import { fieldReader, type LogEvent } from '../logs/event.ts';
import type { Binding } from '../rule/binding.ts';

export const OWN_NAMES: Binding<LogEvent> = {
  field: fieldReader,
  all: (event) => [...event.data.map(([, text]) => text), ...Object.values(event.system)],
};
