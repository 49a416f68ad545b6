// Splunk SPL over the data models of the Common Information Model.
import { cim } from '../taxonomy.ts';
import type { Language } from './language.ts';
import { emitSplunk, placeTerms } from './splunk-text.ts';

export const splunkCim: Language = {
  id: 'splunk-cim',
  title: 'SPL (Splunk, Common Information Model)',
  extension: '.spl',
  taxonomy: cim,
  emit: (rule) =>
    emitSplunk(rule, {
      taxonomy: cim,
      first: (place, search) => {
        const terms = [...placeTerms(place, (name) => name), ...search];
        return [`| from datamodel:"${place.name}"`, ...(terms.length > 0 ? [`| search ${terms.join(' ')}`] : [])];
      },
      assumes: () => [
        'Which of these fields are filled depends on the add-on that feeds the data model.',
        'Letter case is ignored by field=value and by (?i) in match().',
      ],
      column: (name) => name,
      hasRaw: false,
    }),
};
