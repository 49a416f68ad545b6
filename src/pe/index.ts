// Windows programs as data: read an image, then ask for its directories.
export {
  type ApiSetHosts,
  type ApiSetMap,
  apiSetHost,
  builtInApiSets,
  isApiSet,
  readApiSet,
} from './api-set.ts';
export type { ClrHeader } from './clr.ts';
export type { DebugInfo } from './debug.ts';
export type { FunctionTable } from './exception.ts';
export type { ExportedSymbol, ExportTable } from './exports.ts';
export { type DataDirectory, Directory, isPortableExecutable, type Section } from './headers.ts';
export { PeImage, readImage } from './image.ts';
export type { ImportedModule, ImportedSymbol } from './imports.ts';
export type { Arch } from './layout.ts';
export type { LoadConfig } from './load-config.ts';
export { type Resource, type ResourceId, type ResourceTree, ResourceType, resourceBytes } from './resources.ts';
export type { ResourceString } from './string-table.ts';
export type { VersionInfo } from './version.ts';
