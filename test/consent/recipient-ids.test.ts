// RECIPIENT_IDS: whether one id of a recipient is one person in all apps, or each app's ids are its own.
import { afterEach, describe, expect, it } from 'vitest'
import { preferencesOf, setPreference } from '../../src/consent/preferences.ts'
import demoFollowUp from '../../src/notifiers/demo-follow-up.ts'
import { plan } from '../../src/plan/plan.ts'
import { saveChoice, savePreferences } from '../../src/store/people/preferences.ts'
import { deliver } from '../helper/deliver.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { keys, startWorld } from '../helper/world.ts'

let stage: Stage
afterEach(() => stage.stop())

const recipientId = 'cus_7'

/** An email by this app to its person of that id, planned. */
async function planned(app: string, email = `grace@${app}.example`) {
  const event = { ...demoFollowUp.sample, recipient: { id: recipientId, email } }
  const eventId = await stage.accepted(event, { source: app })
  await plan(stage.ctx, eventId)
  const { rows } = await stage.db.query('select id from notifications where event_id = $1', [eventId])
  return String(rows[0].id)
}

async function stateOf(id: string): Promise<string> {
  await deliver(stage.ctx, id)
  return (await stage.audit(id)).notification.state
}

/** By the link in the email, as its page would. */
async function leaveByLink(id: string) {
  const { message } = await stage.audit(id)
  const text = message?.channel === 'email' ? message.text : ''
  const unsubscribe = stage.ctx.unsubscribeTokens.open(/\/unsubscribe\/([\w-]+)/.exec(text)?.[1] ?? '')
  expect(unsubscribe).toMatchObject({ recipientId })
  if (unsubscribe) await setPreference(stage.ctx, unsubscribe, false)
}

describe.each([
  ['per-app', 'sent'],
  ['shared', 'suppressed'],
])('with %s ids, what was said to one app leaves the other app’s person of the same id %s', (setting, other) => {
  it('by the link in a message, by a receipt, or by an operator; also of what waits', async () => {
    stage = await startStage({ RECIPIENT_IDS: setting })
    const receipt = (id: string) =>
      saveChoice(stage.db, id, {
        provider: 'resend',
        allowed: false,
        at: stage.clock.now(),
        scopeOf: stage.ctx.scopeOf,
      })
    const operator = async () => {
      const word = {
        channel: 'email' as const,
        allowed: false,
        recipientId,
        app: stage.ctx.scopeOf('shop'),
        address: null,
      }
      await savePreferences(stage.db, [word], 'operator key `crm`', stage.clock.now())
    }
    for (const leave of [leaveByLink, receipt, operator]) {
      await stage.db.query('delete from preferences')
      const [first, waiting, waitingThere] = [await planned('shop'), await planned('shop'), await planned('school')]
      await leave(first)
      expect(await stateOf(waiting), 'waiting').toBe('suppressed')
      expect(await stateOf(await planned('shop', 'new@shop.example')), 'planned later').toBe('suppressed')
      expect(await stateOf(waitingThere), 'waiting in the other app').toBe(other)
      expect(await stateOf(await planned('school')), 'planned later in the other app').toBe(other)
      const app = stage.ctx.scopeOf('school')
      expect((await preferencesOf(stage.ctx, stage.db, { recipientId, app })).email).toBe(other === 'sent')
    }
  })
})

it('what was said while ids were shared holds for every app', async () => {
  stage = await startStage({ RECIPIENT_IDS: 'per-app' })
  const word = { channel: 'email' as const, allowed: false, recipientId, address: null }
  await savePreferences(stage.db, [word], 'the unsubscribe link', stage.clock.now())
  for (const app of ['shop', 'school']) expect(await stateOf(await planned(app))).toBe('suppressed')
})

it('over HTTP they are of the app that is named, else of the key’s name', async () => {
  stage = await startStage({})
  const world = await startWorld({ env: { RECIPIENT_IDS: 'per-app' } })
  const put = async (query: string, email: boolean) =>
    fetch(`${world.url}/v1/preferences/${recipientId}${query}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' },
      body: JSON.stringify({ product: { email } }),
    })
  const emailOf = async (query: string) =>
    (await world.get<{ product: { email: boolean } }>(`/v1/preferences/${recipientId}${query}`)).body.product.email
  expect((await put('?app=shop', false)).status).toBe(200)
  expect(await Promise.all(['?app=shop', '?app=school', ''].map(emailOf))).toEqual([false, true, true])
  await put('', false)
  expect(await Promise.all(['?app=operator', '?app=school', ''].map(emailOf))).toEqual([false, true, false])
  await world.stop()
})
