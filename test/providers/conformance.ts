// The promises of src/providers/provider.ts, as one suite that every provider's test embeds. A
// provider's own test brings a stage (its vendor, played locally) and adds the vendor's traps.
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CallbackMessage, EmailMessage, Message, SmsMessage } from '../../src/domain/notification.ts'
import type { Provider, ProviderDeps, SendOptions } from '../../src/providers/provider.ts'

export const key = '0199c0de-0000-7000-8000-00000000000a'
export const attemptId = '0199c0de-0000-7000-8000-00000000000b'
export const nowMs = () => Date.UTC(2026, 10, 21, 12, 0, 0)

export const deps: ProviderDeps = { nowMs, callbackBase: null }

export const emailMessage: EmailMessage = {
  channel: 'email',
  words: { locale: 'en', version: null },
  to: 'ada@customers.example',
  toName: 'Ada, Countess',
  from: 'Acme <hello@acme.example>',
  replyTo: 'help@acme.example',
  subject: 'Your order — shipped',
  html: '<p>On its way</p>',
  text: 'On its way',
  headers: { 'X-Entity-Ref-ID': 'A-1' },
}

export const smsMessage: SmsMessage = {
  channel: 'sms',
  words: { locale: 'en', version: null },
  to: '+14155550123',
  text: 'Acme: on its way',
  encoding: 'GSM-7',
  segments: 1,
}

export const callbackMessage: CallbackMessage = {
  channel: 'callback',
  to: 'https://shop.example.com/hooks?key=of-the-shop',
  app: 'shop',
  text: '{"type":"notification.sent","timestamp":"2026-11-21T12:00:00.000Z","data":{"notification":{"to":"ada@customers.example"}}}',
}

export function options(signal: AbortSignal = new AbortController().signal): SendOptions {
  return { key, attemptId, notifier: 'order-shipped', traceparent: null, signal }
}

/** What the vendor can be told to do. `reset` comes when it has read everything; `refuses` is a refusal in its own words. */
export interface Scenes {
  accepts(): void
  reset(): void
  hang(): void
  refuses(words: string): void
  /** From here on for vendors that speak HTTP. */
  unreadable?(): void
  gateway502?(): void
  /** 429 with `Retry-After: 7`. */
  busy?(): void
}

export interface Stage {
  url: string
  scenes: Scenes
  /** Resolves when the vendor has read a whole message. */
  called(): Promise<unknown>
  /** Our ids as the vendor got them. */
  ids(): (string | null | undefined)[]
  connections(): number
  close(): Promise<void>
}

export interface Contract {
  provider(url: string): Provider
  message: Message
  stage(): Promise<Stage>
  /** `http:` or `smtp:` */
  protocol: string
  sends: 'key' | 'attemptId'
  /** Among what `provider` is made with. */
  secret: string
  /** What the vendor's acceptance calls the message. */
  ref: RegExp
  /** Where a 2xx alone is the acceptance: a lost answer is none, a repeat harms nobody, and no word of a body is kept. */
  byStatus?: boolean
}

export function conformsTo(contract: Contract): void {
  describe('the contract of a provider', () => {
    let stage: Stage
    let provider: Provider
    const send = (signal?: AbortSignal) => provider.send(contract.message, options(signal))

    beforeEach(async () => {
      stage = await contract.stage()
      provider = contract.provider(stage.url)
    })
    afterEach(async () => {
      await stage.close()
      await provider.close?.()
    })

    it('answers an acceptance with the vendor’s id', async () => {
      stage.scenes.accepts()
      const outcome = await send()
      expect(outcome).toMatchObject({ kind: 'accepted', ref: expect.stringMatching(contract.ref) })
    })

    it('sends our id out, the same on every attempt where keys are honoured', async () => {
      stage.scenes.accepts()
      await send()
      await send()
      expect(stage.ids()).toEqual([options()[contract.sends], options()[contract.sends]])
    })

    it('keeps its connections from one call to the next', async () => {
      stage.scenes.accepts()
      for (let i = 0; i < 10; i++) expect((await send()).kind).toBe('accepted')
      // undici counts a connection as busy for an instant after its answer, so a call right behind it may open a second one.
      expect(stage.connections()).toBeLessThanOrEqual(2)
    })

    it('defers at once where the connection is refused', async () => {
      const closed = contract.provider(`${contract.protocol}//127.0.0.1:${await closedPort()}`)
      expect(await closed.send(contract.message, options())).toMatchObject({ kind: 'deferred', code: 'ECONNREFUSED' })
      await closed.close?.()
    })

    it('defers where the vendor’s name is not found', async () => {
      const lost = contract.provider(`${contract.protocol}//vendor.invalid:4444`)
      expect((await lost.send(contract.message, options())).kind).toBe('deferred')
      await lost.close?.()
    })

    const lost = contract.byStatus ? 'deferred' : 'unknown'
    const doubts = contract.byStatus ? 'takes for no acceptance' : 'does not know what became of'

    it(`${doubts} a request whose connection is reset`, async () => {
      stage.scenes.reset()
      expect(await send()).toMatchObject({ kind: lost })
    })

    it(`${doubts} a request that is never answered, and ends with its limit`, async () => {
      stage.scenes.hang()
      const limit = new AbortController()
      const sending = send(limit.signal)
      await stage.called()
      limit.abort(new DOMException('too late', 'TimeoutError'))
      expect(await sending).toMatchObject({ kind: lost })
    })

    it('is certain that nothing went out where the limit was over before the call', async () => {
      stage.scenes.accepts()
      expect(await send(AbortSignal.abort())).toMatchObject({ kind: 'deferred' })
      expect(stage.ids()).toEqual([])
    })

    it('goes on after a failure', async () => {
      stage.scenes.reset()
      await send()
      stage.scenes.accepts()
      expect((await send()).kind).toBe('accepted')
    })

    it('keeps addresses, keys and control characters out of its outcomes', async () => {
      stage.scenes.refuses(
        `\u0000 no ${contract.message.to} or +44 20 7946 0958 with ${contract.secret} at 127.0.0.1 ${'x'.repeat(400)}`,
      )
      const outcome = await send()
      const told = JSON.stringify(outcome)
      expect(['rejected', 'deferred']).toContain(outcome.kind)
      expect(told.includes('[address]')).toBe(!contract.byStatus)
      expect(told).not.toContain(contract.message.to.replace('+', ''))
      expect(told).not.toContain('7946')
      expect(told).not.toContain(contract.secret)
      expect(told).not.toContain('\\u0000')
      expect(outcome.text?.length).toBeLessThanOrEqual(300)
    })

    it('throws for a message of another channel, and calls nobody', async () => {
      stage.scenes.accepts()
      const others = [emailMessage, smsMessage, callbackMessage].filter(({ channel }) => channel !== provider.channel)
      for (const other of others)
        await expect(provider.send(other, options())).rejects.toThrow(`does not carry ${other.channel}`)
      expect(stage.ids()).toEqual([])
    })

    it('closes', async () => {
      stage.scenes.accepts()
      await send()
      await provider.close?.()
      expect((await send()).kind).toBe('deferred')
    })

    if (contract.protocol !== 'http:') return

    it(`takes an acceptance that cannot be read for ${contract.byStatus ? 'one' : 'most likely taken'}`, async () => {
      stage.scenes.unreadable?.()
      const taken = contract.byStatus ? { kind: 'accepted' } : { kind: 'unknown', likelyTaken: true }
      expect(await send()).toMatchObject(taken)
    })

    it(`${doubts} a request that a gateway answers with 502`, async () => {
      stage.scenes.gateway502?.()
      expect(await send()).toMatchObject({ kind: lost, statusCode: 502 })
    })

    it('waits as long as a busy vendor asks', async () => {
      stage.scenes.busy?.()
      expect(await send()).toMatchObject({ kind: 'deferred', statusCode: 429, retryAfterMs: 7_000 })
    })
  })
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
