// Finds all that an erase has to change before anything is locked, as that may take minutes, and says why it must wait.
import type { Ctx } from '../context.ts'
import type { Called } from '../privacy/cut-recipient.ts'
import { personPatterns } from '../privacy/person-pattern.ts'
import type { Reader } from '../store/db.ts'
import { type Busy, bodyDigests, countBusy, notificationsOf, othersOf } from '../store/people/person.ts'
import { type Cuts, cutsOf } from './cuts-of-person.ts'
import type { FoundPerson } from './find-person.ts'
import { contentsNaming } from './texts-naming.ts'

/** With more names or addresses, messages that may name the person are not chosen by patterns: each of their events is searched. */
const mostInPatterns = 500

export interface Prepared {
  kind: 'prepared'
  cuts: Cuts
  digests: string
  /** Of the others' notifications, those whose content names the person; it searches what has come since. */
  othersNaming(this: void, db: Reader, own: string[]): Promise<string[]>
}

export async function prepareErase(
  ctx: Ctx,
  person: FoundPerson,
): Promise<Prepared | { kind: 'refused'; detail: string }> {
  const { finder, eventIds, notificationIds } = person
  const busy = await countBusy(ctx.db, { own: notificationIds, others: [], eventIds })
  // What is being planned may be planned by the time of the transaction.
  if (isBusy({ ...busy, planning: 0 })) return { kind: 'refused', detail: whyBusy(busy) }
  const digests = await bodyDigests(ctx.db, eventIds)
  const cuts = await cutsOf(ctx.db, finder, eventIds)
  const naming = { finder: finder.with(cuts.called), patterns: patternsOf(person, cuts.called) }
  const searched = new Set<string>()
  const found = new Set<string>()
  const othersNaming = async (db: Reader, own: string[]) => {
    const others = await othersOf(db, cuts.shared, own)
    const fresh = others.filter((id) => !searched.has(id))
    for (const id of await contentsNaming(db, fresh, naming)) found.add(id)
    for (const id of fresh) searched.add(id)
    return others.filter((id) => found.has(id))
  }
  await othersNaming(ctx.db, await ownOf(ctx.db, notificationIds, cuts))
  return { kind: 'prepared', cuts, digests, othersNaming }
}

/** The notifications to the person, and all those of events that are theirs alone. */
export async function ownOf(db: Reader, notificationIds: string[], { whole }: Cuts): Promise<string[]> {
  return [...new Set([...notificationIds, ...(await notificationsOf(db, whole))])]
}

function patternsOf({ ids, addresses }: FoundPerson, called: Called): string[] {
  const [names, all] = [[...called.names], [...new Set([...addresses, ...called.addresses])]]
  return Math.max(names.length, all.length) > mostInPatterns ? [] : personPatterns(ids, all, names)
}

export function isBusy(busy: Busy): boolean {
  return Object.values(busy).some((count) => count > 0)
}

export function whyBusy({ sending, unconfirmed, planning, toOthers }: Busy): string {
  const parts = [
    sending > 0 && `${sending} being sent now: repeat this in a minute`,
    planning > 0 && `${planning} of their events being planned: repeat this in a minute`,
    toOthers > 0 && `${toOthers} to others, not sent yet, that name them: repeat this once they are sent or cancelled`,
    unconfirmed > 0 &&
      `${unconfirmed} whose outcome is unknown: settle them first (POST /v1/notifications/{id}/settle)`,
  ]
  return `What waited was cancelled; nothing was erased yet. Of their messages, there are ${parts.filter(Boolean).join(', and ')}.`
}
