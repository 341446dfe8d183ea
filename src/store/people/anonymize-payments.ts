// Removes people from payments, which are kept to tell each once.
import { type Db, query, type Tx, toRecords } from '../db.ts'
import { type Anonymizer, oneByOne, orNull } from './anonymize.ts'

/** Returns how many payments it changed, at most `limit`. Payments this old are told apart by their names alone. */
export async function anonymizePayments(db: Db, before: Date, limit: number, { name }: Anonymizer): Promise<number> {
  type Row = { fact: string; names: string[]; customer: string | null }
  const rows = await query<Row>(
    db,
    'select fact, names, customer from payments where forgotten_at is null and at < $1 order by at limit $2',
    [before, limit],
  )
  const after = await oneByOne(rows, async (row) => ({
    fact: row.fact,
    factAfter: await name(row.fact),
    names: await oneByOne(row.names, name),
    customer: await orNull(name, row.customer),
  }))
  await db.query(
    `update payments p set fact = c.fact_after, names = array(select json_array_elements_text(c.names)), customer = c.customer,
       email_digest = null, orders = '{}', shop_reference = null, forgotten_at = now()
     from json_to_recordset($1) as c(fact text, fact_after text, names json, customer text) where p.fact = c.fact`,
    [toRecords(after)],
  )
  return rows.length
}

/** Payments are then told apart by their names alone. */
export async function anonymizePaymentsOf(
  tx: Tx,
  { digests, eventIds }: { digests: string[]; eventIds: string[] },
  { name }: Anonymizer,
): Promise<void> {
  const rows = await query<{ fact: string; names: string[] }>(
    tx,
    `select fact, names from payments where email_digest = any($1)
       or fact in (select fact from events where id = any($2) and fact is not null)`,
    [digests, eventIds],
  )
  const after = await oneByOne(rows, async ({ fact, names }) => ({
    fact,
    factAfter: await name(fact),
    names: await oneByOne(names, name),
  }))
  await tx.query(
    `update payments p set fact = c.fact_after, names = array(select json_array_elements_text(c.names)), customer = null,
       email_digest = null, orders = '{}', shop_reference = null, forgotten_at = now()
     from json_to_recordset($1) as c(fact text, fact_after text, names json) where p.fact = c.fact`,
    [toRecords(after)],
  )
}
