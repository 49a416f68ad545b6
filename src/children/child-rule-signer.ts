// The wish that what a rule lets pass is signed, too: by anyone whom the host trusts, or by Microsoft.
import { and, type Condition, isTrue, like, named } from '../rule/condition.ts';
import { literal } from '../rule/pattern.ts';
import type { RuleNotes } from '../rule/rule.ts';

/** Who must have signed a child that the rule lets pass. */
export type Signer = 'trusted' | 'microsoft';

/** Subjects of the certificates that Microsoft signs its own programs with; not those by which it signs drivers and programs of others. */
const MICROSOFT = ['Microsoft Windows', 'Microsoft Windows Publisher', 'Microsoft Corporation'];

/** Holds for a child that this signer signed. */
export function signedBy(signer: Signer): Condition {
  const trusted = isTrue('process.signature.trusted');
  const about =
    signer === 'microsoft' ? 'the child is signed by Microsoft' : 'the host trusts the signature of the child';
  return named(
    'signed_child',
    about,
    [],
    signer === 'microsoft' ? and(trusted, like('process.signature.subject', ...MICROSOFT.map(literal))) : trusted,
  );
}

export function signerNotes(signer: Signer | undefined): readonly RuleNotes[] {
  if (signer === undefined) return [];
  return [
    {
      heading: 'Signature',
      lines: [
        signer === 'microsoft'
          ? `What is let pass must also be signed by Microsoft (${MICROSOFT.join(', ')}) and trusted by the host: a child of another maker matches.`
          : 'What is let pass must also carry a signature that the host trusts, whoever signed it: an unsigned child matches.',
        'A source of events that does not say who signed a program lets nothing pass: every child matches.',
      ],
    },
  ];
}
