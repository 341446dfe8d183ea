// Everything that is stored about a person, read as it is taken, so that memory holds a part of it.
import type { Ctx } from '../context.ts'
import { chunksOf } from '../store/batch.ts'
import { findNotifications, type NotificationAudit } from '../store/notifications/audit.ts'
import { recordAccess } from '../store/people/access-log.ts'
import { type PersonalEvent, type PersonalRows, personalEvents, personalRows } from '../store/people/export.ts'
import { type FoundPerson, findPerson } from './find-person.ts'

const notificationsAtOnce = 50

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
    notifications: read(person.notificationIds, notificationsAtOnce, (ids) => findNotifications(ctx.db, ids)),
    events: personalEvents(ctx.db, person.eventIds),
    ...(await personalRows(ctx.db, person, pseudonyms)),
  }
  return { kind: 'done', exported }
}

async function* read<Row>(ids: string[], atOnce: number, rows: (ids: string[]) => Promise<Row[]>): AsyncGenerator<Row> {
  for (const part of chunksOf(ids, atOnce)) yield* await rows(part)
}
