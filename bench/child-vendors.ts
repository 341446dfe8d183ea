// Stand-ins for Resend and Twilio on loopback: they accept every message, at once or after a delay, count the requests with the
// times of the first and the last, and, if asked, report each arrival.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { childSettings, emit, on } from './child.ts'

export interface VendorSettings {
  /** Reports the arrival of every request whose body has this text; null: of none. */
  reports: string | null
  /** How long they take to answer. */
  delayMs: number
}

export interface VendorUrls {
  resend: string
  twilio: string
}

export interface Counted {
  requests: number
  /** By the machine's monotonic clock, in milliseconds. */
  firstMs: number
  lastMs: number
}

const { reports, delayMs } = childSettings<VendorSettings>()
const nothing: Counted = { requests: 0, firstMs: 0, lastMs: 0 }
let counted = nothing

const nowMs = () => Number(process.hrtime.bigint()) / 1e6

async function play(status: number, body: () => object): Promise<string> {
  const server = createServer((request, response) => {
    const at = nowMs()
    counted = { requests: counted.requests + 1, firstMs: counted.firstMs || at, lastMs: at }
    if (reports === null) request.resume()
    else {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        if (Buffer.concat(chunks).includes(reports)) emit('arrival', at)
      })
    }
    const answer = () => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body()))
    }
    request.on('end', () => (delayMs > 0 ? setTimeout(answer, delayMs) : answer()))
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const resend = await play(200, () => ({ id: randomUUID() }))
const twilio = await play(201, () => ({ sid: `SM${randomUUID().replaceAll('-', '')}`, status: 'queued' }))
on('count', () => emit('counted', counted))
on('reset', () => {
  counted = nothing
  emit('reset')
})
on('stop', () => {})
emit('ready', { resend, twilio } satisfies VendorUrls)
