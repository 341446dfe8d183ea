// The ceilings of accepting: one Fastify process that verifies webhooks and answers them, having committed nothing, a batch,
// or one transaction for each, by plain pg.
import { randomUUID } from 'node:crypto'
import fastify from 'fastify'
import pg from 'pg'
import { systemClock } from '../src/clock.ts'
import { batcher } from '../src/store/batch.ts'
import { verifyStandardWebhook, webhookKey } from '../src/wire/standard-webhook.ts'
import { childSettings, emit, on } from './child.ts'
import { copyOf, insertOf, type TemplateRow } from './rows.ts'
import { appSecret } from './sender.ts'

export interface DoorsSettings {
  url: string
  rows: TemplateRow[]
  ids: string[]
}

export type Door = 'nothing' | 'batches' | 'single'

const { url, rows, ids } = childSettings<DoorsSettings>()
const pool = new pg.Pool({ connectionString: url, max: 10 })
const keys = [webhookKey(appSecret, 'bench')]
let accepted = 0

/** Commits the rows of these events, one statement a table. */
async function commit(numbers: number[]): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    for (const [i, row] of rows.entries()) {
      const values = [`[${numbers.map((number) => copyOf(row, ids, number)).join(',')}]`]
      await client.query({ name: `insert-${i}`, text: insertOf(row), values })
    }
    await client.query('commit')
  } finally {
    client.release()
  }
}

const inBatches = batcher(
  async (numbers: number[]) => {
    await commit(numbers)
    return numbers
  },
  { maxItems: 200, isShared: () => true },
)

const commits: Record<Door, (number: number) => Promise<unknown>> = {
  nothing: async () => {},
  batches: inBatches,
  single: (number) => commit([number]),
}

async function open(door: Door): Promise<string> {
  const server = fastify()
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
  server.post('/webhooks/apps/bench', async ({ body, headers }, reply) => {
    const verified = verifyStandardWebhook(keys, body as Buffer, headers, systemClock.now().getTime())
    if (!verified.ok) return reply.code(verified.status).send({})
    JSON.parse((body as Buffer).toString())
    await commits[door](accepted++)
    return { id: randomUUID(), duplicate: false, status: 'accepted' }
  })
  return server.listen({ host: '127.0.0.1', port: 0 })
}

on('stop', () => pool.end())
emit('ready', {
  nothing: await open('nothing'),
  batches: await open('batches'),
  single: await open('single'),
} satisfies Record<Door, string>)
