// Table of contents of the children mission, for use from outside: bytes in, the document out.
export { joinBuilds } from './builds.ts';
export * from './document.ts';
export { type FindOptions, findChildren, type LoadSymbols, type ModuleFile } from './find-children.ts';
export { hostsImportedBy, importedHosts } from './modules.ts';
