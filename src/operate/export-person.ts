// Everything that is stored about a person, streamed, so that only a part is in memory.
import type { Ctx } from '../context.ts'
import { type NotificationAudit, readNotifications } from '../store/notifications/audit.ts'
import { recordAccess } from '../store/people/access-log.ts'
import { type PersonalEvent, type PersonalRows, personalEvents, personalRows } from '../store/people/export.ts'
import { type FoundPerson, findPerson } from './find-person.ts'

export interface Exported extends PersonalRows {
  person: FoundPerson
  /** Both can be read once. */
  notifications: AsyncIterable<NotificationAudit>
  events: AsyncIterable<PersonalEvent>
}

export type ExportResult = { kind: 'done'; exported: Exported } | { kind: 'refused'; detail: string }

/** Refused where the key is of too many people. Who asked is recorded before anything is shown. */
export async function exportPerson(ctx: Ctx, key: string, by: string): Promise<ExportResult> {
  const search = await findPerson(ctx, key)
  if (search.kind === 'refused') return search
  const { person } = search
  const whose = [person.key]
  await recordAccess(ctx.db, {
    at: ctx.clock.now(),
    keyName: by,
    what: 'exported a person',
    subject: 'recipient',
    whose,
  })
  const pseudonyms = [...person.ids, ...person.addresses].map(ctx.pseudonymOf)
  const exported: Exported = {
    person,
    notifications: readNotifications(ctx.db, person.notificationIds),
    events: personalEvents(ctx.db, person.eventIds),
    ...(await personalRows(ctx.db, person, pseudonyms)),
  }
  return { kind: 'done', exported }
}
