import { describe, expect, it } from 'vitest';
import { redirected } from '../../src/registry/wow64.ts';

describe('redirected', () => {
  it.each([
    [
      'HKLM\\Software\\Microsoft\\Windows NT\\CurrentVersion\\AeDebug',
      'HKEY_LOCAL_MACHINE\\Software\\WOW6432Node\\Microsoft\\Windows NT\\CurrentVersion\\AeDebug',
    ],
    ['HKLM\\SOFTWARE', 'HKEY_LOCAL_MACHINE\\SOFTWARE\\WOW6432Node'],
    ['HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\a.exe', undefined],
    ['HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\App Paths\\a.exe', undefined],
    ['HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System', undefined],
    [
      'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\PoliciesOther',
      'HKEY_LOCAL_MACHINE\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\PoliciesOther',
    ],
    ['HKLM\\SOFTWARE\\Policies\\X', undefined],
    ['HKLM\\SOFTWARE\\Classes\\.txt', undefined],
    ['HKLM\\SOFTWARE\\Classes\\CLSID\\{A}', 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\WOW6432Node\\CLSID\\{A}'],
    ['HKCR\\Interface\\{A}', 'HKEY_CLASSES_ROOT\\WOW6432Node\\Interface\\{A}'],
    ['HKCU\\Software\\Classes\\CLSID', 'HKEY_CURRENT_USER\\Software\\Classes\\WOW6432Node\\CLSID'],
    ['HKCU\\Software\\X', undefined],
    ['HKLM\\SYSTEM\\CurrentControlSet', undefined],
    ['HKLM\\SOFTWARE\\Wow6432Node\\X', undefined],
    ['nothing', undefined],
  ])('%s', (path, expected) => {
    expect(redirected(path)).toBe(expected);
  });
});
