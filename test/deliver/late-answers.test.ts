// Answers that come after their attempt was given up: a worker that another took for dead, with its answer still in hand.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '../../src/context.ts'
import type { ToClose } from '../../src/deliver/close.ts'
import { settle } from '../../src/operate/settle.ts'
import { attemptsOf, deliver } from '../helper/deliver.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { accepting, startVendor, type Vendor, type VendorAnswer } from '../helper/vendor.ts'

let resend: Vendor
let twilio: Vendor
let vonage: Vendor
let stage: Stage
let other: Ctx

beforeAll(async () => {
  resend = await startVendor(accepting.resend)
  twilio = await startVendor(accepting.twilio)
  vonage = await startVendor(accepting.vonage)
})
beforeEach(async () => {
  resend.answer(accepting.resend)
  twilio.answer(accepting.twilio)
  vonage.requests.length = 0
  stage = await startStage({
    ...{ RESEND_API_KEY: 're_of_tests', RESEND_BASE_URL: resend.url },
    ...{ TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'token-of-tests' },
    ...{ TWILIO_FROM: '+15005550006', TWILIO_BASE_URL: twilio.url },
    ...{ VONAGE_API_KEY: 'k', VONAGE_API_SECRET: 's', VONAGE_FROM: 'Fernwood', VONAGE_BASE_URL: vonage.url },
  })
  other = await stage.another()
})
afterEach(() => stage.stop())
afterAll(() => Promise.all([resend, twilio, vonage].map((vendor) => vendor.close())))

const refuses = (code: number, status = 400): VendorAnswer => ({ status, json: { code, message: 'no', status } })

async function text(): Promise<string> {
  const { ids } = await stage.planned(shipped({ recipient: { phone: '+14155550100' } }))
  return ids.sms ?? ''
}

async function email(): Promise<string> {
  const { ids } = await stage.planned(shipped({ recipient: { email: 'grace@example.org' } }))
  return ids.email ?? ''
}

/** A worker whose answers are kept from the database until `meanwhile` is over. */
function frozen(meanwhile: (request: ToClose) => Promise<void>) {
  return (id: string) =>
    deliver(stage.ctx, id, {
      async close(request) {
        await meanwhile(request)
        return attemptsOf(stage.ctx).close(request)
      },
    })
}

/** Another worker gives the open attempt up, when its time is over. */
async function giveUp(id: string): Promise<void> {
  stage.clock.advance(31_000)
  await deliver(other, id)
  expect((await stage.audit(id)).notification).toMatchObject({ state: 'unconfirmed', reasonCode: 'settling' })
}

async function ringWhenDue(id: string, worker = (id: string) => deliver(other, id)): Promise<void> {
  const { notification } = await stage.audit(id)
  if (!notification.dueAt) throw new Error(`nothing is due: ${notification.state}`)
  if (notification.dueAt > stage.clock.now()) stage.clock.set(notification.dueAt)
  await worker(id)
}

const lateText = async (answer: VendorAnswer) => {
  twilio.answer(answer)
  const id = await text()
  await frozen(() => giveUp(id))(id)
  return id
}
const outcomesOf = async (id: string) => (await stage.audit(id)).attempts.map((a) => [a.provider, a.outcome])
const codes = async (id: string) => (await stage.audit(id)).entries.map((e) => e.code)
const settlements = async () =>
  (await stage.db.query('select verdict, settled_by, provider_message_id as ref from settlements order by at')).rows
const suppressions = async () => (await stage.db.query('select address, reason, source from suppressions')).rows

describe('a late answer that ends the doubt', () => {
  it.each([
    ['an opt-out', 21610, [{ address: '+14155550100', reason: 'opted_out', source: 'twilio' }]],
    ['a number that is none', 21211, [{ address: '+14155550100', reason: 'invalid_address', source: 'twilio' }]],
    ['a text that is too long', 21617, []],
  ])('%s ends as failed, and nobody else gets it', async (_, code, suppressed) => {
    const id = await lateText(refuses(code))
    const { notification, entries } = await stage.audit(id)
    expect(notification).toMatchObject({ state: 'failed', reasonCode: 'rejected', dueAt: null })
    expect(await outcomesOf(id), 'a closed attempt never changes').toEqual([['twilio', 'unknown']])
    expect(await settlements()).toEqual([{ verdict: 'not_taken', settled_by: 'late answer', ref: null }])
    expect(await suppressions()).toEqual(suppressed)
    expect(entries).toMatchObject([
      {
        code: 'answered_late',
        params: { provider: 'twilio', outcome: 'rejected', text: `Twilio answered 400, code ${code}: no` },
      },
      { code: 'ended', params: { state: 'failed', reason: { code: 'rejected' } } },
    ])
    await deliver(other, id)
    expect(vonage.requests).toHaveLength(0)
  })

  it.each<[string, VendorAnswer]>([
    ['a refusal for later', refuses(20503, 503)],
    ['a refusal of this provider alone', refuses(21408)],
  ])('%s hands it to the next provider at once', async (_, answer) => {
    const id = await lateText(answer)
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'pending', reasonCode: 'due' })
    await deliver(other, id)
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'sent', provider: 'vonage' })
    expect(await outcomesOf(id)).toEqual([
      ['twilio', 'unknown'],
      ['vonage', 'accepted'],
    ])
  })

  it('a message that is hopeless everywhere ends, though its key has been repeated since', async () => {
    const busy = { status: 503, json: { statusCode: 503, name: 'service_unavailable', message: 'later' } }
    resend.answer({ status: 422, json: { statusCode: 422, name: 'invalid_parameter', message: 'bad to' } }, busy)
    const id = await email()
    await frozen(async () => {
      await giveUp(id)
      await ringWhenDue(id)
    })(id)
    expect(await outcomesOf(id)).toEqual([
      ['resend', 'unknown'],
      ['resend', 'deferred'],
    ])
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'failed', reasonCode: 'rejected' })
  })

  it('an acceptance is sent, by the provider’s own name of the message', async () => {
    const id = await lateText({ status: 201, json: { sid: 'SM-late' } })
    expect((await stage.audit(id)).notification).toMatchObject({
      ...{ state: 'sent', provider: 'twilio', providerMessageId: 'SM-late' },
      dueAt: null,
    })
    expect(await settlements()).toEqual([{ verdict: 'taken', settled_by: 'late answer', ref: 'SM-late' }])
    expect(await codes(id)).toEqual(['answered_late'])
  })

  it('an acceptance by a name that another has claimed is sent all the same, without it', async () => {
    twilio.answer({ status: 201, json: { sid: 'SM-one' } })
    await deliver(stage.ctx, await text())
    const id = await lateText({ status: 201, json: { sid: 'SM-one' } })
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'sent', providerMessageId: null })
    expect(await settlements()).toEqual([{ verdict: 'taken', settled_by: 'late answer', ref: null }])
  })
})

describe('a late answer while another call is open', () => {
  /** The first answer comes while the same key is being repeated, whose own answer is `second`. */
  async function during(first: VendorAnswer, second: VendorAnswer): Promise<string> {
    const id = await email()
    resend.answer(first)
    let repeated: Promise<void> | null = null
    let closeSecond = () => {}
    const held = new Promise<void>((resolve) => {
      closeSecond = resolve
    })
    await frozen(async () => {
      await giveUp(id)
      resend.answer(second)
      const opened = new Promise<void>((resolve) => {
        repeated = ringWhenDue(
          id,
          frozen(async () => {
            resolve()
            await held
          }),
        )
      })
      await opened
    })(id)
    expect((await stage.audit(id)).notification.state).toBe('sending')
    closeSecond()
    await repeated
    return id
  }
  const later: VendorAnswer = { status: 503, json: { statusCode: 503, name: 'service_unavailable', message: 'later' } }

  it('counts when that call ends: a refusal for later leaves no doubt', async () => {
    const id = await during(later, later)
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'pending', reasonCode: 'next_round' })
    expect(await settlements()).toMatchObject([{ verdict: 'not_taken' }])
  })

  it('counts when that call ends: an acceptance is sent', async () => {
    const id = await during({ json: { id: 'resend-late' } }, later)
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'sent', provider: 'resend' })
    expect(await settlements()).toMatchObject([{ verdict: 'taken', ref: 'resend-late' }])
  })
})

describe('a late answer to what has been settled', () => {
  it('is a line in the timeline, and moves nothing', async () => {
    twilio.answer(refuses(20503, 503))
    const id = await text()
    await frozen(async () => {
      await giveUp(id)
      await settle(other, id, true, 'ada')
    })(id)
    expect((await stage.audit(id)).notification.state).toBe('sent')
    expect(await settlements()).toMatchObject([{ verdict: 'taken', settled_by: 'person' }])
    expect(await codes(id)).toEqual(['settled_by_person', 'answered_late'])
    expect(vonage.requests).toHaveLength(0)
  })

  it('is not believed over a doubt that ended as not sent', async () => {
    twilio.answer({ status: 201, json: { sid: 'SM-late' } })
    const id = await text()
    await frozen(async () => {
      await giveUp(id)
      await settle(other, id, false, 'ada')
    })(id)
    expect((await stage.audit(id)).notification.state).toBe('pending')
    expect(await settlements()).toMatchObject([{ verdict: 'not_taken', settled_by: 'person' }])
  })
})

describe('two late answers about one notification at once', () => {
  it('are judged one after the other', async () => {
    const id = await email()
    const requests: ToClose[] = []
    const keep = frozen(async (request) => {
      requests.push(request)
      throw new Error('died')
    })
    resend.answer({ status: 503, json: { statusCode: 503, name: 'service_unavailable', message: 'later' } })
    await expect(keep(id)).rejects.toThrow('died')
    await giveUp(id)
    resend.answer({ json: { id: 'resend-2' } })
    await expect(ringWhenDue(id, keep)).rejects.toThrow('died')
    await giveUp(id)
    await Promise.all(requests.map((request) => attemptsOf(other).close(request)))
    expect((await stage.audit(id)).notification).toMatchObject({ state: 'sent', providerMessageId: 'resend-2' })
    expect((await settlements()).map((s) => s.verdict).sort()).toEqual(['not_taken', 'taken'])
  })
})

describe('a commit whose confirmation was lost', () => {
  it.each<[string, VendorAnswer, string]>([
    ['an acceptance', { status: 201, json: { sid: 'SM-1' } }, 'sent'],
    ['a refusal', refuses(21408), 'pending'],
    ['a lost answer', 'reset-after-read', 'unconfirmed'],
  ])('of %s is found when the close is tried again, and is no late answer', async (_, answer, state) => {
    twilio.answer(answer)
    const id = await text()
    await frozen(async (request) => {
      await attemptsOf(stage.ctx).close(request)
      stage.clock.advance(1000)
    })(id)
    expect((await stage.audit(id)).notification.state).toBe(state)
    expect(await codes(id)).toEqual([])
    expect(await settlements()).toEqual([])
  })

  it('of a look-up does not make two looks of one', async () => {
    twilio.answer('reset-after-read')
    const id = await text()
    await deliver(stage.ctx, id)
    twilio.answer({ json: { messages: [], next_page_uri: null } })
    const twice = (id: string) =>
      deliver(stage.ctx, id, {
        async recordLookUp(found) {
          await attemptsOf(stage.ctx).recordLookUp(found)
          return attemptsOf(stage.ctx).recordLookUp(found)
        },
      })
    for (let looks = 0; looks < 2; looks++) await ringWhenDue(id, twice)
    expect((await stage.db.query('select answer from look_ups')).rows).toHaveLength(2)
    expect(await settlements()).toEqual([])
    await ringWhenDue(id, twice)
    expect(await settlements()).toMatchObject([{ verdict: 'not_taken', settled_by: 'look-up' }])
  })
})
