// Stand-ins for the vendors on loopback, which count what they accept independently of our rows. Resend honours Idempotency-Key,
// Twilio lists its messages, Vonage and SMTP do neither; a script injects faults.
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../../src/clock.ts'
import { type Reply, type Request, startCounter } from './counter.ts'
import { startSmtp } from './smtp.ts'

/**
 * Accepted, but the answer is lost: `reset`, `cut`, `junk`, `hang`. Not accepted: `error` (500), `busy` (503 with the vendor's
 * body), `throttled` (429). `slow` answers late. `kept` accepts and never answers, as the caller is about to be killed.
 */
export type Fault = 'reset' | 'cut' | 'junk' | 'hang' | 'error' | 'busy' | 'throttled' | 'slow' | 'kept'
export type VendorName = 'resend' | 'twilio' | 'vonage' | 'smtp'

export interface Taken {
  vendor: VendorName
  ref: string
}

export interface Vendors {
  /** The settings of a service that calls them. */
  env: Record<string, string>
  /** Sets the fault of each call; `nth` counts the calls for one address from 1. */
  script(fault: (vendor: VendorName, address: string, nth: number) => Fault | null): void
  /** Sets what is awaited after a message is accepted and before the call is answered. */
  beforeAnswer(act: ((taken: Taken, address: string, key: string) => Promise<void>) | null): void
  /** The accepted messages to this address; a repeat under the same key does not count. */
  taken(address: string): Taken[]
  /** How many calls reused a key with different bytes. */
  changedBodies(): number
  /** Sets how far the clock for these addresses is ahead of ours: Twilio dates its messages. */
  setAhead(addresses: string[], aheadMs: number): void
  resend: { shut(): Promise<void>; open(): Promise<void> }
  close(): Promise<void>
}

const slowMs = 1500
const busyBody = { name: 'service_unavailable', message: 'Try again later.', code: 20503 }

/** Reports each call to `called` as it arrives. */
export async function startVendors(called: (vendor: VendorName, address: string) => void): Promise<Vendors> {
  const taken = new Map<string, Taken[]>()
  const calls = new Map<string, number>()
  const keys = new Map<string, { body: string; ref: string }>()
  const texts = new Map<string, { sid: string; to: string; body: string; date_created: string }[]>()
  const ahead = new Map<string, number>()
  let changed = 0
  let faultOf: Parameters<Vendors['script']>[0] = () => null
  let act: Parameters<Vendors['beforeAnswer']>[0] = null

  async function serve(vendor: VendorName, address: string, key: string, take: () => string): Promise<Reply | Ref> {
    called(vendor, address)
    const nth = (calls.get(`${vendor} ${address}`) ?? 0) + 1
    calls.set(`${vendor} ${address}`, nth)
    const fault = faultOf(vendor, address, nth)
    if (fault === 'error') return { status: 500, json: { message: 'It broke.' } }
    if (fault === 'busy') return { status: 503, json: busyBody }
    if (fault === 'throttled') return { status: 429, json: { ...busyBody, name: 'rate_limit_exceeded', code: 20429 } }
    const ref = take()
    if (fault === 'kept') return 'hang'
    if (fault === 'slow') await wait(slowMs)
    else if (fault) return fault
    if (act) await act({ vendor, ref }, address, key)
    return { ref }
  }
  const recordTaken = (vendor: VendorName, address: string, ref: string) => {
    taken.set(address, [...(taken.get(address) ?? []), { vendor, ref }])
    return ref
  }

  const resend = await startCounter(async ({ body, headers }) => {
    const { to } = JSON.parse(body) as { to: string | string[] }
    const address = String(to)
    const key = String(headers['idempotency-key'])
    const reply = await serve('resend', address, key, () => {
      const before = keys.get(key)
      if (before && before.body !== body) changed++
      if (before) return before.ref
      keys.set(key, { body, ref: randomUUID() })
      return recordTaken('resend', address, keys.get(key)?.ref ?? '')
    })
    if (keys.has(key) && keys.get(key)?.body !== body)
      return { status: 409, json: { name: 'invalid_idempotent_request', message: 'Another body under this key.' } }
    return answered(reply, (id) => ({ status: 200, json: { id } }))
  })

  const twilio = await startCounter(async (request) => {
    if (request.method === 'GET') return listed(request)
    const form = new URLSearchParams(request.body)
    const address = form.get('To') ?? ''
    const reply = await serve('twilio', address, '', () => {
      const sid = `SM${randomUUID().replaceAll('-', '')}`
      const at = new Date(systemClock.now().getTime() + (ahead.get(address) ?? 0))
      const text = { sid, to: address, body: form.get('Body') ?? '', date_created: at.toUTCString() }
      texts.set(address, [text, ...(texts.get(address) ?? [])])
      return recordTaken('twilio', address, sid)
    })
    return answered(reply, (sid) => ({ status: 201, json: { sid, status: 'queued', error_code: null } }))
  })
  const listed = ({ path }: Request): Reply => {
    const address = new URL(path, 'http://twilio').searchParams.get('To') ?? ''
    return { status: 200, json: { messages: texts.get(address) ?? [], next_page_uri: null } }
  }

  const vonage = await startCounter(async ({ body }) => {
    const address = `+${(JSON.parse(body) as { to: string }).to}`
    const reply = await serve('vonage', address, '', () => recordTaken('vonage', address, randomUUID()))
    return answered(reply, (id) => ({
      status: 200,
      json: { 'message-count': '1', messages: [{ status: '0', 'message-id': id }] },
    }))
  })
  const smtp = await startSmtp((address) => {
    called('smtp', address)
    recordTaken('smtp', address, randomUUID())
  })

  return {
    env: {
      RESEND_BASE_URL: resend.url,
      RESEND_WEBHOOK_SECRET: resendSecret,
      SMTP_URL: smtp.url,
      SMTP_RATE: '10000',
      TWILIO_BASE_URL: twilio.url,
      VONAGE_API_KEY: 'prove',
      VONAGE_API_SECRET: 'secret-of-the-chaos-kit',
      VONAGE_FROM: 'Fernwood',
      VONAGE_BASE_URL: vonage.url,
      VONAGE_RATE: '10000',
    },
    script(fault) {
      faultOf = fault
    },
    beforeAnswer(now) {
      act = now
    },
    taken: (address) => taken.get(address) ?? [],
    changedBodies: () => changed,
    setAhead(addresses, aheadMs) {
      for (const address of addresses) ahead.set(address, aheadMs)
    },
    resend,
    async close() {
      await Promise.all([resend.shut(), twilio.shut(), vonage.shut(), smtp.close()])
    },
  }
}

export const resendSecret = `whsec_${Buffer.alloc(24, 9).toString('base64')}`

interface Ref {
  ref: string
}

function answered(reply: Reply | Ref, good: (ref: string) => Reply): Reply {
  return typeof reply === 'object' && 'ref' in reply ? good(reply.ref) : reply
}
