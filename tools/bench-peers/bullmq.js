// A sender on BullMQ and Redis: `fill` enqueues texts, `work` posts each to the provider and writes one audit row for it.
import { randomUUID } from 'node:crypto'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import pg from 'pg'
import { Pool } from 'undici'

const [mode] = process.argv.slice(2)
const { redisPort, databaseUrl, provider, count } = JSON.parse(process.env.PEER_SETTINGS ?? '{}')
const connection = new Redis({ port: redisPort, maxRetriesPerRequest: null })
const atOnce = 100

if (mode === 'fill') {
  const queue = new Queue('texts', { connection })
  for (let at = 0; at < count; at += 1000)
    await queue.addBulk(
      Array.from({ length: Math.min(1000, count - at) }, (_, i) => ({
        name: 'text',
        data: {
          id: randomUUID(),
          to: '+14155550123',
          text: `Fernwood: Order ORD-${at + i} is confirmed, total £78.85.`,
        },
      })),
    )
  await queue.close()
  await connection.quit()
} else {
  const database = new pg.Pool({ connectionString: databaseUrl, max: 10 })
  const http = new Pool(provider, { connections: atOnce, pipelining: 1, keepAliveTimeout: 60_000 })
  const send = async ({ data: { id, to, text } }) => {
    const answer = await http.request({
      method: 'POST',
      path: '/2010-04-01/Accounts/AC0/Messages.json',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ To: to, Body: text, From: '+14155550100' }).toString(),
    })
    const { sid } = await answer.body.json()
    await database.query({
      name: 'audit',
      text: 'insert into audit (message_id, recipient, status_code, provider_message_id) values ($1, $2, $3, $4)',
      values: [id, to, answer.statusCode, sid],
    })
  }
  const worker = new Worker('texts', send, { connection, concurrency: atOnce, removeOnComplete: { count: 1000 } })
  worker.on('error', (error) => console.error(error))
}
