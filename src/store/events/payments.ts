// Payments as events report them: their names, customer and amount, by fact.
import { createHash } from 'node:crypto'
import { alikeWithinMs, type KnownPayment, partsWithinMs, type ReportedPayment } from '../../domain/payment.ts'
import { query, type Reader, type Tx } from '../db.ts'
import type { Job } from '../jobs/queues.ts'
import { planNow } from './plans.ts'

/**
 * Serialises the planning of events of one payment to the end of the transaction, and of all of the customer's payments that
 * `mayBeJoined`, which have no name in common before they have read a link. To be taken before any row lock.
 */
export async function lockPayment(tx: Tx, payment: ReportedPayment, mayBeJoined: boolean): Promise<void> {
  const sum = `${payment.amount} ${payment.currency}`
  const people = [payment.customer, emailDigestOf(payment)].filter((who) => who !== null)
  const customers = mayBeJoined ? [`${payment.customer} parts`] : []
  const keys = [...payment.names, ...people.map((who) => `${who} ${sum}`), ...customers]
  // In one order, so that two transactions cannot deadlock.
  await tx.query(
    `select pg_advisory_xact_lock(key) from (
       select distinct hashtextextended(k, 33) as key from unnest($1::text[]) as k order by key offset 0) as keys`,
    [keys.map((key) => `${payment.outcome} ${key}`)],
  )
}

/**
 * Makes the events due that wait to report a received payment with one of these names, and answers their jobs. Waits for no plan:
 * an event that is being planned is left out, and goes on by itself when its wait ends.
 */
export async function planLinked(tx: Tx, names: string[], now: Date): Promise<Job[]> {
  const waiting = await query<{ id: string }>(
    tx,
    `select e.id from payments p join events e on e.id = p.waiting_event
     where p.outcome = 'received' and p.names && $1 and e.status = 'accepted' for update of e skip locked`,
    [names],
  )
  const ids = waiting.map(({ id }) => id)
  return ids.length > 0 ? planNow(tx, ids, now) : []
}

const columns = `fact, outcome, names, lacks, orders, shop_reference, customer, email_digest, amount::double precision as amount,
  currency, at, waiting_event, waits_until`

/** The payments that could be the same, by a shared name or by customer and amount. */
export async function similarPayments(db: Reader, payment: ReportedPayment): Promise<KnownPayment[]> {
  const [from, to] = [-alikeWithinMs, alikeWithinMs].map((ms) => new Date(payment.at.getTime() + ms))
  return query<KnownPayment>(
    db,
    `select ${columns} from payments where outcome = $1 and (names && $2 or currency = $3 and amount = $4 and at between $5 and $6
       and (customer = $7 or email_digest = $8))`,
    [
      payment.outcome,
      [...payment.names, ...payment.parts],
      payment.currency,
      payment.amount,
      from,
      to,
      payment.customer,
      emailDigestOf(payment),
    ],
  )
}

/** What the source says of which ids belong together. */
export interface Links {
  /** Whether such events come at all: there was one in the time in which an invoice is paid in parts. */
  come: boolean
  /** The ids that each of them names together with one of those asked for. */
  links: string[][]
}

/**
 * By events of this type. `offset 0` and the order keep Postgres from reading all events, or all of a type, instead of the few
 * with the ids.
 */
export async function linksOf(db: Reader, type: string, names: string[], now: Date): Promise<Links> {
  const [found] = await query<Links>(
    db,
    `select seen.come, case when seen.come then coalesce((
         select json_agg(reference_names) from (
           select named.reference_names
           from (select type, received_at, reference_names from events where reference_names && $2 offset 0) named
           where named.type = $1 order by named.received_at desc limit ${maxOfCustomer}) linked), '[]') else '[]' end as links
     from (select exists (select from events where type = $1 and received_at > $3) as come) seen`,
    [type, names, new Date(now.getTime() - partsWithinMs)],
  )
  return found ?? { come: false, links: [] }
}

/** More than an invoice has parts. */
const maxOfCustomer = 50

/** The latest payments of a customer, of which some may have paid an invoice in parts. The invoice may be the later one. */
export async function paymentsOfCustomer(db: Reader, payment: ReportedPayment): Promise<KnownPayment[]> {
  const [from, to] = [-partsWithinMs, partsWithinMs].map((ms) => new Date(payment.at.getTime() + ms))
  return query<KnownPayment>(
    db,
    `select ${columns} from payments where outcome = $1 and customer = $2 and currency = $3 and at between $4 and $5
     order by at desc limit ${maxOfCustomer}`,
    [payment.outcome, payment.customer, payment.currency, from, to],
  )
}

/** Adds what an event reports, or waits to report, to the payment of this fact. */
export async function savePayment(
  tx: Tx,
  fact: string,
  payment: ReportedPayment & Pick<KnownPayment, 'waitingEvent' | 'waitsUntil'>,
): Promise<void> {
  const { outcome, names, lacks, orders, shopReference, customer, amount, currency, at, waitingEvent, waitsUntil } =
    payment
  const email = emailDigestOf(payment)
  await tx.query(
    `insert into payments as p (fact, outcome, names, customer, email_digest, amount, currency, at, lacks, orders, shop_reference,
       waiting_event, waits_until)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     on conflict (fact) do update set waiting_event = excluded.waiting_event, waits_until = excluded.waits_until,
       customer = coalesce(p.customer, excluded.customer),
       email_digest = coalesce(p.email_digest, excluded.email_digest),
       shop_reference = coalesce(p.shop_reference, excluded.shop_reference),
       names = array(select unnest(p.names) union select unnest(excluded.names)),
       lacks = array(select unnest(p.lacks) union select unnest(excluded.lacks)),
       orders = array(select unnest(p.orders) union select unnest(excluded.orders))`,
    [
      ...[fact, outcome, names, customer, email, amount, currency, at, lacks, orders, shopReference],
      ...[waitingEvent, waitsUntil],
    ],
  )
}

/**
 * Makes known that these payments are parts of an invoice, so that none is counted as a part of another. They need wait no more.
 */
export async function saveParts(
  tx: Tx,
  { facts, invoice, now }: { facts: string[]; invoice: string; now: Date },
): Promise<void> {
  await tx.query(
    `update payments set names = names || $2::text, waits_until = least(waits_until, $3)
     where fact = any($1) and not $2 = any(names)`,
    [facts, invoice, now],
  )
}

/** Moves all notifications of one fact into another; if both have the same notification, both rows stay. */
export async function mergeFacts(tx: Tx, fact: string, into: string): Promise<void> {
  // As a delivery does, before it refers to the details by an attempt: in another order the two could deadlock.
  await tx.query(
    `select from notification_states where id in (select id from notification_details where fact = $1)
     order by id for update`,
    [fact],
  )
  await tx.query(
    `update notification_details n set fact = $2 where fact = $1 and not exists (select from notification_details o
       where o.fact = $2 and (o.notifier, o.channel, o.recipient_key) = (n.notifier, n.channel, n.recipient_key))`,
    [fact, into],
  )
  await tx.query('update events set fact = $2 where fact = $1', [fact, into])
  await tx.query('delete from payments where fact = $1', [fact])
}

export function emailDigestOf({ email }: Pick<ReportedPayment, 'email'>): string | null {
  return email && emailDigest(email)
}

export function emailDigest(email: string): string {
  return createHash('sha256').update(email.toLowerCase()).digest('base64url')
}
