// Finds all that an erase has to change before anything is locked, as that may take minutes, and says why it must wait.
import type { Ctx } from '../context.ts'
import type { Called } from '../privacy/cut-recipient.ts'
import { personPatterns } from '../privacy/person-pattern.ts'
import type { Reader } from '../store/db.ts'
import { accessesTo, lastAccess } from '../store/people/erase.ts'
import { type Busy, countBusy, notificationsOf, othersOf, versionOfBodies } from '../store/people/person.ts'
import { accessesAfter, bodiesPlannedForLong, matchingTexts } from '../store/people/texts.ts'
import { type Cuts, cutsOf } from './cuts-of-person.ts'
import type { FoundPerson, KnownPerson } from './find-person.ts'
import { contentsNaming, textsNaming } from './texts-naming.ts'

/** With more names or addresses, messages that may name the person are not chosen by patterns: each of their events is searched. */
const mostInPatterns = 500

export interface Prepared {
  kind: 'prepared'
  cuts: Cuts
  /** Of the bodies that were cut. */
  version: string
  /** Of the others' notifications, those whose content names the person; it searches what has come since. */
  othersNaming(this: void, db: Reader, own: string[]): Promise<string[]>
  /** The entries of the access log that name the person; it searches what has come since. */
  accessesNaming(this: void, db: Reader): Promise<string[]>
}

export interface Refused {
  kind: 'refused'
  detail: string
  /** Whether a repeat may succeed a little later, without anybody doing anything. */
  isShort: boolean
}

/**
 * Why an erase would be refused in the end, told before the search of all bodies, which may take minutes. A large event that is
 * being planned is looked for by its body, as there may be no notification to them yet.
 */
export async function refusedEarly(ctx: Ctx, person: KnownPerson): Promise<Refused | null> {
  const { finder, patterns, eventIds, notificationIds: own } = person
  const busy = await countBusy(ctx.db, { own, others: [], eventIds })
  if (isBusy({ ...busy, planning: 0 })) return refused(busy)
  const long = await textsNaming(ctx.db, bodiesPlannedForLong, { finder, patterns, known: [] })
  // Some may have been planned during the search.
  const { planning } = await countBusy(ctx.db, { own: [], others: [], eventIds: long })
  return planning > 0 ? refused({ ...busy, planning }) : null
}

export async function prepareErase(ctx: Ctx, person: FoundPerson): Promise<Prepared | Refused> {
  const { finder, eventIds, notificationIds } = person
  const busy = await countBusy(ctx.db, { own: notificationIds, others: [], eventIds })
  // What is being planned may be planned by the time of the transaction.
  if (isBusy({ ...busy, planning: 0 })) return refused(busy)
  const version = await versionOfBodies(ctx.db, eventIds)
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
  const accessesNaming = accessSearch(person)
  await accessesNaming(ctx.db)
  return { kind: 'prepared', cuts, version, othersNaming, accessesNaming }
}

/** So many entries of the access log are searched again: one may be committed after later ones were searched. */
const accessesAgain = 1_000n

function accessSearch({ ids, addresses, patterns }: KnownPerson): Prepared['accessesNaming'] {
  const found = new Set<string>()
  let last = '0'
  return async (db) => {
    const after = last
    last = beforeThose(await lastAccess(db))
    for (const id of await accessesTo(db, [...ids, ...addresses], after)) found.add(id)
    for await (const some of matchingTexts(db, accessesAfter(after), patterns)) for (const id of some) found.add(id)
    return [...found]
  }
}

function beforeThose(id: string): string {
  const before = BigInt(id) - accessesAgain
  return String(before > 0n ? before : 0n)
}

/** The notifications to the person, and all those of events that are theirs alone. */
export async function ownOf(db: Reader, notificationIds: string[], { whole }: Cuts): Promise<string[]> {
  return [...new Set([...notificationIds, ...(await notificationsOf(db, whole))])]
}

function patternsOf({ ids, addresses }: KnownPerson, called: Called): string[] {
  const [names, all] = [[...called.names], [...new Set([...addresses, ...called.addresses])]]
  return Math.max(names.length, all.length) > mostInPatterns ? [] : personPatterns(ids, all, names)
}

export function isBusy(busy: Busy): boolean {
  return Object.values(busy).some((count) => count > 0)
}

export function refused(busy: Busy): Refused {
  return { kind: 'refused', detail: whyBusy(busy), isShort: busy.toOthers === 0 && busy.unconfirmed === 0 }
}

function whyBusy({ sending, unconfirmed, planning, toOthers }: Busy): string {
  const parts = [
    sending > 0 && `${sending} being sent now: repeat this in a minute`,
    planning > 0 && `${planning} of their events being planned: repeat this in a minute`,
    toOthers > 0 && `${toOthers} to others, not sent yet, that name them: repeat this once they are sent or cancelled`,
    unconfirmed > 0 &&
      `${unconfirmed} whose outcome is unknown: settle them first (POST /v1/notifications/{id}/settle)`,
  ]
  return `What waited was cancelled; nothing was erased yet. Of their messages, there are ${parts.filter(Boolean).join(', and ')}.`
}
