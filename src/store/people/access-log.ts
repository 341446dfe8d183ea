// The access log: who revealed masked addresses or searched by one, and whose addresses they were.
import type { Reader } from '../db.ts'

export interface Access {
  at: Date
  keyName: string
  what: string
  subject: string
  whose: string[]
}

/** To be called before anything is shown. */
export async function recordAccess(db: Reader, { at, keyName, what, subject, whose }: Access): Promise<void> {
  await db.query('insert into access_log (at, key_name, what, subject, whose) values ($1, $2, $3, $4, $5)', [
    at,
    keyName,
    what,
    subject,
    whose,
  ])
}
