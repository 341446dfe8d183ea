// Everything that is stored about a person.
import type { Ctx } from '../context.ts'
import { recordAccess } from '../store/people/access-log.ts'
import { type PersonalRows, personalRows } from '../store/people/export.ts'
import { type FoundPerson, findPerson } from './find-person.ts'

export interface Exported extends PersonalRows {
  person: FoundPerson
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
  return { person, ...(await personalRows(ctx.db, person, pseudonyms)) }
}
