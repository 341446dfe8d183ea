// Everything that is stored about a person, read as it is taken, so that memory holds a part of it.
import type { Ctx } from '../context.ts'
import { findNotifications, type NotificationAudit } from '../store/notifications/audit.ts'
import { recordAccess } from '../store/people/access-log.ts'
import { type PersonalEvent, type PersonalRows, personalEvents, personalRows } from '../store/people/export.ts'
import { type FoundPerson, findPerson } from './find-person.ts'

const notificationsAtOnce = 50
/** A body may have 10 MiB. */
const eventsAtOnce = 5

export interface Exported extends PersonalRows {
  person: FoundPerson
  /** Both can be read once. */
  notifications: AsyncIterable<NotificationAudit>
  events: AsyncIterable<PersonalEvent>
}

/** Null where the key is an address of too many people. Who asked is recorded before anything is shown. */
export async function exportPerson(ctx: Ctx, key: string, by: string): Promise<Exported | null> {
  const person = await findPerson(ctx, key)
  if (!person) return null
  const whose = [person.key]
  await recordAccess(ctx.db, {
    at: ctx.clock.now(),
    keyName: by,
    what: 'exported a person',
    subject: 'recipient',
    whose,
  })
  const pseudonyms = [...person.ids, ...person.addresses].map(ctx.pseudonymOf)
  return {
    person,
    notifications: inParts(person.notificationIds, notificationsAtOnce, (ids) => findNotifications(ctx.db, ids)),
    events: inParts(person.eventIds, eventsAtOnce, (ids) => personalEvents(ctx.db, ids)),
    ...(await personalRows(ctx.db, person, pseudonyms)),
  }
}

async function* inParts<Row>(
  ids: string[],
  atOnce: number,
  read: (ids: string[]) => Promise<Row[]>,
): AsyncGenerator<Row> {
  for (let from = 0; from < ids.length; from += atOnce) yield* await read(ids.slice(from, from + atOnce))
}
