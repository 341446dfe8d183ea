// A ceiling: plain pg commits copies of rows in batches, on several connections at once.
import pg from 'pg'
import { childSettings, emit, on } from './child.ts'
import { copyOf, insertOf, type TemplateRow } from './rows.ts'

export interface RowsSettings {
  url: string
  rows: TemplateRow[]
  ids: string[]
  /** How many copies a round makes, how many a transaction, and on how many connections. */
  count: number
  batch: number
  connections: number
}

const { url, rows, ids, count, batch, connections } = childSettings<RowsSettings>()
const pool = new pg.Pool({ connectionString: url, max: connections })
let made = 0

/** The values of one transaction, ready before it is measured. */
function nextBatch(size: number): string[] {
  const from = made
  made += size
  return rows.map((row) => `[${Array.from({ length: size }, (_, i) => copyOf(row, ids, from + i)).join(',')}]`)
}

async function commit(client: pg.PoolClient, values: string[]): Promise<void> {
  await client.query('begin')
  for (const [i, row] of rows.entries())
    await client.query({ name: `insert-${i}`, text: insertOf(row), values: [values[i]] })
  await client.query('commit')
}

on('round', async () => {
  const batches = Array.from({ length: Math.ceil(count / batch) }, () => nextBatch(batch))
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()))
  const waiting = batches.values()
  const startedAt = performance.now()
  await Promise.all(
    clients.map(async (client) => {
      for (const values of waiting) await commit(client, values)
    }),
  )
  const perSecond = (batches.length * batch) / ((performance.now() - startedAt) / 1000)
  for (const client of clients) client.release()
  emit('rate', perSecond)
})
on('stop', () => pool.end())
emit('ready')
