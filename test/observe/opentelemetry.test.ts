// What the collector gets and what it costs to lose it, without a service around it.
import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLog } from '../../src/log.ts'
import { startTracing } from '../../src/observe/opentelemetry.ts'
import type { Step, Tracing, TracingSettings } from '../../src/observe/tracing.ts'
import { type Collector, startCollector } from '../helper/collector.ts'
import { eventually } from '../helper/world.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const sampled = `00-${traceId}-00f067aa0ba902b7-01`
const unsampled = `00-${traceId}-00f067aa0ba902b7-00`
const startedAt = new Date('2026-11-21T10:00:00.000Z')
const endedAt = new Date('2026-11-21T10:00:00.250Z')
const step: Step = { name: 'accept event', kind: 'internal', startedAt }

let collector: Collector
let lines: { lost?: number; err?: { message: string } }[]
let opened: Tracing[]

beforeEach(async () => {
  collector = await startCollector()
  lines = []
  opened = []
})
afterEach(async () => {
  await Promise.all(opened.map((tracing) => tracing.close(100)))
  await collector.close()
})

function open(settings: Partial<TracingSettings> = {}): Tracing {
  const write = (chunk: Buffer, _encoding: string, done: () => void) => {
    lines.push(JSON.parse(String(chunk)))
    done()
  }
  const tracing = startTracing(
    {
      endpoint: collector.url,
      headers: { 'api-key': 'key-of-the-collector' },
      resource: { 'service.name': 'posthorn' },
      sampler: { name: 'parentbased_always_on', ratio: 1 },
      ...settings,
    },
    openLog('trace', new Writable({ write })),
  )
  opened.push(tracing)
  return tracing
}

describe('a sender’s trace', () => {
  it('is continued, with the sampling that it asks for', async () => {
    const tracing = open()
    expect(tracing.begin(step, sampled).traceparent).toMatch(
      new RegExp(`^00-${traceId}-(?!00f067aa0ba902b7)\\w{16}-01$`),
    )
    expect(tracing.begin(step, unsampled).traceparent).toMatch(new RegExp(`^00-${traceId}-\\w{16}-00$`))
    expect(tracing.begin(step, `01-${traceId}-00f067aa0ba902b7-01-more`).traceparent).toContain(traceId)
  })

  it.each([
    ['nothing', undefined],
    ['two of them', [sampled, sampled]],
    ['two in one', `${sampled}, ${sampled}`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['a span of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['capital letters', sampled.toUpperCase()],
    ['the version that is none', sampled.replace(/^00/, 'ff')],
    ['more than its version has', `${sampled}-more`],
    ['an address', 'grace@example.org'],
    ['a long text', '0'.repeat(100_000)],
  ])('that is %s is not: a new one begins', (_, sender) => {
    const { traceparent } = open().begin(step, sender)
    expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    expect(traceparent).not.toContain(traceId)
  })
})

describe('a span', () => {
  it('has the fields of the log line that it may have, and no others', async () => {
    const tracing = open()
    const fields = {
      stage: 'deliver',
      ...{
        event: 'e-1',
        notification: 'n-1',
        type: 'signup.grace@example.org',
        statusCode: 503,
        code: 'busy',
        ms: 250,
      },
      ...{ to: 'ada@customers.example', subject: 'Hello', provider: null, state: undefined },
    }
    tracing.step(sampled, { name: 'send resend', kind: 'client', startedAt }).end(fields, endedAt)
    await tracing.close(5000)
    expect(collector.spans()).toMatchObject([
      { traceId, parentId: '00f067aa0ba902b7', name: 'send resend', kind: 'client', isError: true },
    ])
    const [span] = collector.spans()
    expect(span).toMatchObject({ startMs: startedAt.getTime(), endMs: endedAt.getTime() })
    expect(span?.attributes).toEqual({
      'posthorn.event.id': 'e-1',
      'posthorn.event.type': '[address]',
      'posthorn.notification.id': 'n-1',
      'http.response.status_code': 503,
      'error.type': 'busy',
    })
  })

  it('of an event without a trace is none', async () => {
    const tracing = open()
    const span = tracing.step(null, step)
    span.end({ event: 'e-1' }, endedAt)
    expect(span.traceparent).toBeNull()
    await tracing.close(5000)
    expect(collector.requests).toEqual([])
  })
})

describe('the sampler', () => {
  it.each([
    ['always_on', 1, 3],
    ['always_off', 1, 0],
    ['traceidratio', 0, 0],
    ['traceidratio', 1, 3],
    ['parentbased_always_on', 1, 2],
    ['parentbased_always_off', 1, 1],
    ['parentbased_traceidratio', 0, 1],
    ['parentbased_traceidratio', 1, 2],
  ] as const)('%s (%d) keeps %d of a trace of our own, a sampled and an unsampled one', async (name, ratio, kept) => {
    const tracing = open({ sampler: { name, ratio } })
    for (const sender of [undefined, sampled, unsampled]) tracing.begin(step, sender).end({}, endedAt)
    await tracing.close(5000)
    expect(collector.spans()).toHaveLength(kept)
  })
})

describe('a collector', () => {
  /** Many more than may wait. */
  const many = 30_000
  const makeMany = (tracing: Tracing) => {
    for (let made = 0; made < many; made++) tracing.begin(step).end({ event: `e-${made}` }, endedAt)
  }

  it('that gets more than it takes loses spans, and the log says how many', async () => {
    const tracing = open()
    makeMany(tracing)
    await tracing.close(10_000)
    const lost = lines.reduce((sum, line) => sum + (line.lost ?? 0), 0)
    expect(lost).toBeGreaterThan(many / 2)
    expect(collector.spans()).toHaveLength(many - lost)
    expect(lines, 'one at the first, one at the end').toHaveLength(2)
  })

  it('that answers 500 is told of in one line, without the key, and gets what comes later', async () => {
    const tracing = open()
    collector.answer(500)
    for (const event of ['e-1', 'e-2']) {
      const before = collector.requests.length
      tracing.begin(step).end({ event }, endedAt)
      await eventually(async () => collector.requests.length > before)
    }
    await eventually(async () => lines.length > 0)
    expect(lines).toMatchObject([{ stage: 'traces', lost: 1, err: { message: 'Internal Server Error' } }])
    collector.answer(200)
    tracing.begin(step).end({ event: 'e-3' }, endedAt)
    await tracing.close(5000)
    expect(collector.spans().at(-1)?.attributes).toEqual({ 'posthorn.event.id': 'e-3' })
    expect(lines.reduce((sum, line) => sum + (line.lost ?? 0), 0)).toBe(2)
    expect(JSON.stringify(lines)).not.toContain('key-of-the-collector')
  })

  it('that never answers does not hold up a stop for longer than it may', async () => {
    const tracing = open()
    collector.answer('nothing')
    makeMany(tracing)
    await eventually(async () => collector.requests.length > 0)
    await tracing.close(300)
    expect(
      lines.filter(({ err }) => err),
      'it had not given up',
    ).toEqual([])
  })

  it('that is away costs spans, and nothing else', async () => {
    const tracing = open({ endpoint: 'http://127.0.0.1:9' })
    makeMany(tracing)
    await tracing.close(300)
    expect(lines[0]).toMatchObject({ stage: 'traces', lost: 1 })
  })
})
