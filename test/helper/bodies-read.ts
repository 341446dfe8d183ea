// Notes how much of stored bodies each statement reads.
import type pg from 'pg'
import { vi } from 'vitest'

/** What each statement outside of transactions reads of bodies from here on, until mocks are restored. */
export function bodiesRead(db: pg.Pool): { bodies: number; bytes: number }[] {
  const read: { bodies: number; bytes: number }[] = []
  const query = db.query as (...args: unknown[]) => Promise<{ rows: { raw?: Buffer | null }[] }>
  const noting = async (...args: unknown[]) => {
    const answer = await query.apply(db, args)
    const lengths = answer.rows.flatMap(({ raw }) => (raw ? [raw.length] : []))
    if (lengths.length > 0) read.push({ bodies: lengths.length, bytes: lengths.reduce((a, b) => a + b) })
    return answer
  }
  vi.spyOn(db, 'query').mockImplementation(noting as typeof db.query)
  return read
}
