// Stand-ins for Resend and Twilio on loopback: they accept every message at once, count the requests and, if asked, report each
// arrival.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { childSettings, emit, on } from './child.ts'

export interface VendorSettings {
  reportsArrivals: boolean
}

const { reportsArrivals } = childSettings<VendorSettings>()
let accepted = 0

async function play(status: number, body: () => object): Promise<string> {
  const server = createServer((request, response) => {
    if (reportsArrivals) emit('arrival', process.hrtime.bigint().toString())
    request.resume()
    request.on('end', () => {
      accepted++
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body()))
    })
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const resend = await play(200, () => ({ id: randomUUID() }))
const twilio = await play(201, () => ({ sid: `SM${randomUUID().replaceAll('-', '')}`, status: 'queued' }))
on('count', () => emit('counted', accepted))
on('stop', () => {})
emit('ready', { resend, twilio })
