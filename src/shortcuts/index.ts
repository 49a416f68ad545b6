// The door to the readers of shortcuts: .lnk, .url and .msc files, and what they lead to.

export { type ConsoleCommand, type ConsoleFile, isConsoleFile, readConsoleFile } from './console-file.ts';
export type { ExtraData, Tracker } from './extra-data.ts';
export { type InternetShortcut, isInternetShortcut, readInternetShortcut } from './internet-shortcut.ts';
export type { ItemId } from './item-ids.ts';
export type { LinkInfo } from './link-info.ts';
export type { AdvertisedTarget } from './product-code.ts';
export type { TextProperty } from './property-storage.ts';
export { isShellLink, LinkFlag, readShellLink, type ShellLink } from './shell-link.ts';
export { readShortcut, type Shortcut } from './shortcut.ts';
export { type FileTargetSource, pathOfItems, type ShortcutTarget, targetOf } from './shortcut-target.ts';
