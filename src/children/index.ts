// Table of contents of the children mission, for use from outside: bytes in, the document out.
export { joinBuilds } from './builds.ts';
export { type DiffOptions, diffChildren } from './diff/children-diff.ts';
export * from './diff/document.ts';
export { readChildrenDocument } from './diff/read-document.ts';
export * from './document.ts';
export { type FindOptions, findChildren, type LoadSymbols, type ModuleFile } from './find-children.ts';
export { hostsImportedBy, importedHosts } from './modules.ts';
