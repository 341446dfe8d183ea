// Sessions of the dashboard, and the sign-in links that were used.
import { type Db, query } from '../db.ts'

export interface Session {
  digest: string
  keyName: string
  /** The HMAC of the API key under the session's token. */
  keyProof: string
  createdAt: Date
  expiresAt: Date
}

/** How long rows of ended sessions and used links are kept: longer than either is valid. */
const keptDays = 30

/** Also removes what ended long ago. */
export async function insertSession(db: Db, one: Session): Promise<void> {
  await db.query(
    `with old as (delete from dashboard_sessions where expires_at < $4::timestamptz - make_interval(days => ${keptDays})),
     used as (delete from dashboard_links_used where used_at < $4::timestamptz - make_interval(days => ${keptDays}))
     insert into dashboard_sessions (digest, key_name, key_proof, created_at, expires_at) values ($1, $2, $3, $4, $5)`,
    [one.digest, one.keyName, one.keyProof, one.createdAt, one.expiresAt],
  )
}

/** Null where it is unknown, expired or ended. */
export async function findSession(db: Db, digest: string, now: Date): Promise<Session | null> {
  const [found] = await query<Session>(
    db,
    `select digest, key_name, key_proof, created_at, expires_at from dashboard_sessions
     where digest = $1 and ended_at is null and expires_at > $2`,
    [digest, now],
  )
  return found ?? null
}

export async function endSession(db: Db, digest: string, now: Date): Promise<void> {
  await db.query('update dashboard_sessions set ended_at = $2 where digest = $1 and ended_at is null', [digest, now])
}

/** Ends every session of a key, on every browser. */
export async function endSessionsOf(db: Db, keyName: string, now: Date): Promise<void> {
  await db.query('update dashboard_sessions set ended_at = $2 where key_name = $1 and ended_at is null', [keyName, now])
}

/** False if the link was used before. */
export async function useLink(db: Db, digest: string, now: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    'insert into dashboard_links_used (digest, used_at) values ($1, $2) on conflict do nothing',
    [digest, now],
  )
  return rowCount === 1
}
