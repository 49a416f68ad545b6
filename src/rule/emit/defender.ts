// KQL for Microsoft Defender XDR advanced hunting.
import { mde } from '../taxonomy.ts';
import { emitKusto, placeLines } from './kusto-text.ts';
import type { Language } from './language.ts';

export const defender: Language = {
  id: 'defender',
  title: 'KQL (Microsoft Defender XDR)',
  extension: '.kql',
  taxonomy: mde,
  emit: (rule) =>
    emitKusto(
      rule,
      mde,
      (place) => [place.name ?? '', ...placeLines(place)],
      () => [],
    ),
};
