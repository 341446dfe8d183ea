// Finds why no notification can be made from an event.
import { type Reason, reason } from '../domain/reason.ts'
import { noNotifier } from '../notifiers/index.ts'
import { isForRecipients, type Notifier } from '../notifiers/notifier.ts'
import { isPointer } from '../sources/kit/pointer.ts'
import type { Translation } from '../sources/source.ts'
import type { Range } from '../store/events/plans.ts'
import { commonDataFault } from '../wire/data-limits.ts'
import { schemaFaults } from '../wire/schema-faults.ts'

/** Null where a notification can be made. Recipients' own data is checked for those in `range`, by default all. */
export async function faultOf(translation: Translation, notifiers: Notifier[], range?: Range): Promise<Reason | null> {
  if (!translation.ok && translation.kind === 'silent') return translation.reason
  if (notifiers.length === 0 && !isPointer(translation))
    return 'content' in translation ? noNotifier(translation.content.type) : reason('no_notifier')
  if (!translation.ok) return translation.kind === 'incomplete' ? translation.fault : badData(translation)
  const { data, recipients } = translation.content
  if (recipients.length === 0 && notifiers.some(isForRecipients)) return reason('no_recipient')
  const tooMuch = commonDataFault(data, recipients.length)
  if (tooMuch) return reason('bad_data', { path: 'data', message: tooMuch })
  for (const { schema, audience } of notifiers) {
    const checked = { data, recipients: audience === 'operator' ? [] : recipients }
    const [fault] = await schemaFaults(schema, checked, { maxFaults: 1, ...(range && { range }) })
    if (fault) return reason('bad_data', fault)
  }
  return null
}

/** An app's event that was stored unchecked, because no notifier listened to its type then. */
function badData({ detail, errors: [first] = [] }: Extract<Translation, { kind: 'refused' }>): Reason {
  return reason('bad_data', first ?? { message: detail })
}
