// A ceiling: undici posts messages to a stand-in, many at once, and does nothing else.
import { randomUUID } from 'node:crypto'
import { Pool } from 'undici'
import { childSettings, emit, on } from './child.ts'

export interface PosterSettings {
  url: string
  path: string
  type: string
  /** A body of this many bytes. */
  bytes: number
  count: number
  atOnce: number
}

const { url, path, type, bytes, count, atOnce } = childSettings<PosterSettings>()
const pool = new Pool(url, { connections: atOnce, pipelining: 1, keepAliveTimeout: 60_000 })
const body = 'x'.repeat(bytes)

async function post(): Promise<void> {
  const headers = { 'content-type': type, 'idempotency-key': randomUUID() }
  const answer = await pool.request({ method: 'POST', path, headers, body })
  await answer.body.text()
}

async function posted(many: number): Promise<number> {
  let left = many
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await post()
    }),
  )
  return many / ((performance.now() - startedAt) / 1000)
}

on('round', async () => emit('rate', await posted(count)))
on('stop', () => pool.close())
await posted(300)
emit('ready')
