// Secrets that every process of one database shares. create-context.ts asks where SECRET_KEY is not set.
import { randomBytes } from 'node:crypto'
import type { Db } from './db.ts'

/** The key that signs links: made by the process that asks first. Processes that ask at once agree on one. */
export async function sharedSecretKey(db: Db): Promise<string> {
  const made = randomBytes(32).toString('base64url')
  await db.query(`insert into secrets (name, value) values ('secret_key', $1) on conflict do nothing`, [made])
  const { rows } = await db.query<{ value: string }>(`select value from secrets where name = 'secret_key'`)
  if (!rows[0]) throw new Error('the secret key was made and is not there')
  return rows[0].value
}
