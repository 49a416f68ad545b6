// One golden file a document: the rule in every language, side by side, for a person to read in review.
import { describe, expect, it } from 'vitest';
import { CHILD_RULE_LANGUAGES, emitRules } from '../../src/children/child-rule.ts';
import type { RuleLanguage } from '../../src/children/document.ts';
import { glowService, hostile, lantern, oldLamp, openConsole, toldLantern, twoBuilds } from './example-documents.ts';

const ALL: readonly RuleLanguage[] = CHILD_RULE_LANGUAGES;
/** Those whose table says who signed a child. */
const SIGNING: readonly RuleLanguage[] = ['eql', 'elastic', 'esql', 'dsl', 'lucene'];
/** A Sysmon filter has no wildcard for a path on any drive. */
const WITH_DRIVES = ALL.filter((language) => language !== 'sysmon');
/** Those whose table has the command line of the parent. */
const WITH_PARENT = WITH_DRIVES.filter((language) => language !== 'sentinel');
/** Languages that have an escape for a character that cannot be seen. */
const ESCAPING = WITH_DRIVES.filter((language) => language !== 'esql' && language !== 'lucene');
const CASES = {
  lantern: { document: lantern, options: { languages: WITH_DRIVES, date: '2024-02-29' } },
  'lantern-possible': { document: lantern, options: { languages: WITH_DRIVES, minConfidence: 'possible' } },
  'lantern-proven': { document: lantern, options: { languages: WITH_DRIVES, minConfidence: 'proven' } },
  'lantern-signed': { document: lantern, options: { languages: SIGNING, signer: 'microsoft' } },
  'open-console-signed': { document: openConsole, options: { languages: SIGNING, signer: 'trusted' } },
  'old-lamp': { document: oldLamp, options: { languages: WITH_DRIVES } },
  'open-console': { document: openConsole, options: { languages: ALL } },
  'glow-service': {
    document: glowService,
    options: { languages: WITH_DRIVES, host: 'C:\\Windows\\System32\\svchost.exe' },
  },
  'told-lantern': { document: toldLantern, options: { languages: ALL } },
  'told-lantern-scoped': { document: toldLantern, options: { languages: WITH_PARENT, parentArguments: true } },
  'two-builds': { document: twoBuilds, options: { languages: WITH_DRIVES } },
  hostile: { document: hostile, options: { languages: ESCAPING } },
} as const;

describe('golden rules', () => {
  for (const [name, { document, options }] of Object.entries(CASES)) {
    it(name, async () => {
      const texts = emitRules(document, options).map(({ language, text }) => `=== ${language}\n\n${text}`);
      await expect(texts.join('\n')).toMatchFileSnapshot(`../golden/rule/${name}.txt`);
      expect(emitRules(structuredClone(document), { ...options })).toEqual(emitRules(document, options));
    });
  }
});
