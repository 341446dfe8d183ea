// What Twilio's codes for a text that did not arrive mean, in words: its reports hold the number alone.
import type { Fault } from '../provider.ts'

const meanings: Record<string, string> = {
  '21610': 'the recipient has replied STOP to this sender',
  '21211': 'the number is not valid',
  '21614': 'the number is not that of a mobile phone',
  '30001': 'Twilio’s queue for this sender is full',
  '30002': 'the Twilio account is suspended',
  '30003': 'the phone is switched off or out of reach',
  '30004': 'the recipient’s carrier or phone blocks it',
  '30005': 'the number is unknown or no longer in use',
  '30006': 'the number is a landline, or its carrier cannot be reached',
  '30007': 'a filter of the carrier or of Twilio stopped it, for its content or its sender',
  '30008': 'the carrier gave no cause',
  '30032': 'the toll-free sender is not verified',
  '30034': 'the sender is not registered for texts to the United States (10DLC)',
}

/** In words what a code means, with the code for a search in Twilio's own list; for an unknown one the code alone. */
export function twilioMeaning(status: string, code: string): string {
  const meaning = Object.hasOwn(meanings, code) ? `: ${meanings[code]}` : ''
  return `Twilio reported ${status} with code ${code}${meaning}`
}

/** The number may be right, and it works later; or nothing is wrong with it at all. */
export const faults: Record<string, Fault> = {
  ...{ '30003': 'unreachable', '30017': 'unreachable' },
  ...{ '21612': 'filtered', '30004': 'filtered', '30007': 'filtered', '30018': 'sender' },
  ...{
    '30002': 'sender',
    '30024': 'sender',
    '30032': 'sender',
    '30033': 'sender',
    '30034': 'sender',
    '30035': 'sender',
  },
}
