// An anonymizer that removes one person wherever they are named: by an id, by an address, or by their name.
import type { Anonymizer } from '../store/people/anonymize.ts'
import { anonymizer } from './anonymizer.ts'
import { hasWords } from './cut-recipient.ts'
import { hasAddress } from './find-addresses.ts'
import { addAddresses, noKnownAddresses } from './known-addresses.ts'
import type { PseudonymOf } from './pseudonym.ts'

export function anonymizerOfPerson(
  pseudonymOf: PseudonymOf,
  { ids, addresses, names }: { ids: string[]; addresses: string[]; names: string[] },
): Anonymizer {
  const known = addAddresses(noKnownAddresses(), addresses)
  const usual = anonymizer(pseudonymOf, known)
  const own = [...ids, ...names].filter((text) => text.length > 2)
  const isNamed = (text: string) => hasAddress(text, known) || own.some((one) => hasWords(text, one))
  return {
    ...usual,
    person: (text) => (ids.includes(text) || isNamed(text) ? pseudonymOf(text) : text),
    name: (text) => (isNamed(text) ? pseudonymOf(text) : text),
    text: (text) =>
      own.reduce((rest, one) => (hasWords(rest, one) ? rest.replaceAll(one, '[person]') : rest), usual.text(text)),
  }
}
