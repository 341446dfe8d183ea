// Which payment an event tells of, among those that were told (domain/payment.ts decides), and what it adds to what is known of it.
// plans.ts asks within the transaction that plans the event, so of two events planned at once one waits for the other.
import { createHash } from 'node:crypto'
import { alikeWithinMs, factNamed, type KnownPayment, type PaymentTold, sameAs } from '../../domain/payment.ts'
import type { Reader, Tx } from '../db.ts'

/** Before any row is locked: held to the end of the transaction, so that events of one payment are planned in line. */
export async function lockPayment(tx: Tx, told: PaymentTold): Promise<void> {
  const sum = `${told.amount} ${told.currency}`
  const people = [told.customer, digestOf(told.email)].filter((who) => who !== null)
  const keys = [...told.names, ...people.map((who) => `${who} ${sum}`)].map((key) => `${told.outcome} ${key}`)
  // In one order for everybody, or two could wait for each other.
  await tx.query(
    `select pg_advisory_xact_lock(key) from (
       select distinct hashtextextended(k, 33) as key from unnest($1::text[]) as k order by key offset 0) as keys`,
    [keys],
  )
}

/** The fact that such an event would tell, as far as is known now. */
export async function findFact(db: Reader, told: PaymentTold): Promise<string> {
  const emailDigest = digestOf(told.email)
  const [same] = sameAs({ ...told, emailDigest }, await candidates(db, told, emailDigest))
  return same?.fact ?? factNamed(told)
}

/** The fact that this event tells. It is kept on the event, and what it says is known of the payment from now on. */
export async function factOfPayment(tx: Tx, eventId: string, told: PaymentTold): Promise<string> {
  const emailDigest = digestOf(told.email)
  const [same, ...others] = sameAs({ ...told, emailDigest }, await candidates(tx, told, emailDigest))
  const fact = same?.fact ?? factNamed(told)
  for (const other of others) await becomes(tx, other.fact, fact)
  const names = [...new Set([...told.names, ...others.flatMap((other) => other.names)])]
  await tx.query(
    `insert into payments as p (fact, outcome, names, customer, email_digest, amount, currency, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (fact) do update set customer = coalesce(p.customer, excluded.customer),
       email_digest = coalesce(p.email_digest, excluded.email_digest),
       names = array(select unnest(p.names) union select unnest(excluded.names))`,
    [fact, told.outcome, names, told.customer, emailDigest, told.amount, told.currency, told.at],
  )
  await tx.query('update events set fact = $2 where id = $1 and fact is distinct from $2', [eventId, fact])
  return fact
}

/** All that could be the same, by a name or by likeness. */
async function candidates(db: Reader, told: PaymentTold, emailDigest: string | null): Promise<KnownPayment[]> {
  const [from, to] = [-alikeWithinMs, alikeWithinMs].map((ms) => new Date(told.at.getTime() + ms))
  const { rows } = await db.query<KnownPayment>(
    `select fact, outcome, names, customer, email_digest as "emailDigest", amount::double precision as amount, currency, at
     from payments where outcome = $1 and (names && $2 or currency = $3 and amount = $4 and at between $5 and $6
       and (customer = $7 or email_digest = $8))`,
    [told.outcome, told.names, told.currency, told.amount, from, to, told.customer, emailDigest],
  )
  return rows
}

/** What was told under one name was told of the other; where both were told on a channel, both rows stay as they are. */
async function becomes(tx: Tx, fact: string, other: string): Promise<void> {
  await tx.query(
    `update notifications n set fact = $2 where fact = $1 and not exists (select from notifications o
       where o.fact = $2 and (o.notifier, o.channel, o.recipient_key) = (n.notifier, n.channel, n.recipient_key))`,
    [fact, other],
  )
  await tx.query('update events set fact = $2 where fact = $1', [fact, other])
  await tx.query('delete from payments where fact = $1', [fact])
}

function digestOf(email: string | null): string | null {
  return email && createHash('sha256').update(email.toLowerCase()).digest('base64url')
}
