// A ceiling of latency: a process that listens to Postgres and posts at once.
import pg from 'pg'
import { Pool } from 'undici'
import { childSettings, emit, on } from './child.ts'

export interface ListenerSettings {
  url: string
  to: string
}

const { url, to } = childSettings<ListenerSettings>()
const pool = new Pool(to, { connections: 4, keepAliveTimeout: 60_000 })
const client = new pg.Client({ connectionString: url })
await client.connect()
await client.query('create table told (number integer)')
client.on('notification', async () => {
  const answer = await pool.request({ method: 'POST', path: '/emails', body: 'x'.repeat(1000) })
  await answer.body.text()
})
await client.query('listen told')
on('stop', async () => {
  await client.end()
  await pool.close()
})
emit('ready')
