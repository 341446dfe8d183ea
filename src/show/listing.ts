// Says in English why an address is suppressed: the codes of reports in words, an operator's own words as they are.
import { sentence } from './provider.ts'

const reported: Record<string, string> = {
  hard_bounce: 'mail to it bounced for good',
  invalid_address:
    'a provider says that there is no such address, or that it takes no such messages, as a landline takes no texts',
  opted_out: 'its owner opted out, for example by the reply STOP',
  complaint: 'its owner marked a message as spam',
}

/** The code and what it means, or a person's own words as they are: `complaint. Its owner marked a message as spam.` */
export function listedAs(reason: string): string {
  return Object.hasOwn(reported, reason) ? `${reason.replaceAll('_', ' ')}. ${listingText(reason)}` : `${reason}.`
}

/** The reason as a code of a report; undefined for a person's own words. */
export function listingCode(reason: string): string | undefined {
  return Object.hasOwn(reported, reason) ? reason : undefined
}

/** As a sentence: `Mail to it bounced for good.` */
export function listingText(reason: string): string {
  return sentence(Object.hasOwn(reported, reason) ? `${reported[reason]}` : reason)
}
