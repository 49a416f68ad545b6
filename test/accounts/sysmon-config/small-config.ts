// Small Sysmon configurations for the tests, and what their filters decide.

import { readSysmonConfig, type SysmonConfig } from '../../../src/accounts/sysmon-config/config.ts';
import { decide, isLogged, type SysmonEvent } from '../../../src/accounts/sysmon-config/filter.ts';

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Lines of EventFiltering, the first of which is line 3. */
export function configText(filtering: string, version = '4.90'): string {
  return `<Sysmon schemaversion="${version}">\n<EventFiltering>\n${filtering}\n</EventFiltering>\n</Sysmon>\n`;
}

export function configOf(filtering: string, version?: string): SysmonConfig {
  return readSysmonConfig(bytesOf(configText(filtering, version)));
}

export function setValue(fields: Readonly<Record<string, string>>): SysmonEvent {
  return {
    name: 'RegistryEvent',
    id: 13,
    fields: { EventType: 'SetValue', Image: 'C:\\a.exe', Details: '-', User: 'u', ...fields },
  };
}

export function deleteKey(fields: Readonly<Record<string, string>>): SysmonEvent {
  return {
    name: 'RegistryEvent',
    id: 12,
    fields: { EventType: 'DeleteKey', Image: 'C:\\a.exe', User: 'u', ...fields },
  };
}

export function start(fields: Readonly<Record<string, string>>): SysmonEvent {
  return { name: 'ProcessCreate', id: 1, fields: { Image: 'C:\\a.exe', CommandLine: 'a', ...fields } };
}

/** Whether the event is logged. */
export function logs(filtering: string, event: SysmonEvent, version?: string): boolean {
  return isLogged(decide(configOf(filtering, version).lists, event));
}
