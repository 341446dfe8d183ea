// A ceiling: pg-boss processes jobs with an empty handler.
import pg from 'pg'
import { PgBoss } from 'pg-boss'
import { childSettings, emit, on } from './child.ts'

export interface JobsSettings {
  url: string
  count: number
}

const { url, count } = childSettings<JobsSettings>()
const boss = new PgBoss({ connectionString: url, schema: 'ceiling_jobs', max: 8, useListenNotify: true })
boss.on('error', (error) => console.error(error))
await boss.start()
const client = new pg.Client({ connectionString: url })
await client.connect()
let rounds = 0

on('round', async () => {
  const queue = `empty-${++rounds}`
  await boss.createQueue(queue, { partition: true, notify: true })
  for (let at = 0; at < count; at += 1000)
    await boss.insert(
      queue,
      Array.from({ length: Math.min(1000, count - at) }, (_, i) => ({ data: { id: `${at + i}` } })),
    )
  await client.query('analyze')
  let done = 0
  let startedAt = 0
  const finished = Promise.withResolvers<number>()
  const options = {
    batchSize: 100,
    localConcurrency: 2,
    pollingIntervalSeconds: 0.5,
    burstWhenBatchFull: true,
  } as const
  await boss.work(queue, options, async (jobs) => {
    startedAt ||= performance.now()
    done += jobs.length
    if (done >= count) finished.resolve(performance.now())
  })
  const endedAt = await finished.promise
  await boss.offWork(queue)
  emit('rate', count / ((endedAt - startedAt) / 1000))
})
on('stop', async () => {
  await client.end()
  await boss.stop({ graceful: false })
})
emit('ready')
