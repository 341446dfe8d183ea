// What only the operator is notified of: to OPERATOR_EMAIL, in the service's own language, whomever the event names.
import { afterEach, describe, expect, it } from 'vitest'
import { replayEvent } from '../../src/operate/replay.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
afterEach(() => stage.stop())

const alert = { type: 'operator.alert', data: { alert: 'Disk nearly full', message: '97 % of it is used.' } }

/** What planning made of an event: one email to the operator, and nothing else. */
async function alerted(event: object) {
  const { ids, eventId } = await stage.planned(event)
  expect(Object.keys(ids)).toEqual(['email'])
  const { notification, message } = await stage.audit(ids.email ?? '')
  return { eventId, notification, message }
}

describe('an alert', () => {
  it('needs no recipient: it goes to OPERATOR_EMAIL', async () => {
    stage = await startStage({ OPERATOR_EMAIL: 'ops@fernwood.example' })
    const { notification, message } = await alerted(alert)
    expect(notification).toMatchObject({ notifier: 'operator-alert', state: 'pending', to: 'ops@fernwood.example' })
    expect(message).toMatchObject({ to: 'ops@fernwood.example', subject: 'Alert: Disk nearly full' })
  })

  it('is sent to nobody else, in the service’s language and not in theirs', async () => {
    stage = await startStage({ OPERATOR_EMAIL: 'ops@fernwood.example', DEFAULT_LOCALE: 'es' })
    const recipients = [
      { email: 'ada@example.com', locale: 'hi' },
      { email: 'grace@example.org', phone: '+14155550177' },
    ]
    const { notification, message } = await alerted({ ...alert, recipients })
    expect(notification.to).toBe('ops@fernwood.example')
    expect(message).toMatchObject({ subject: 'Alerta: Disk nearly full' })
  })

  it('is kept as suppressed, and says which setting is missing, where there is no OPERATOR_EMAIL', async () => {
    stage = await startStage({})
    const { eventId, notification, message } = await alerted(alert)
    expect(notification).toMatchObject({ state: 'suppressed', to: null, reasonCode: 'no_address' })
    expect(notification.reasonParams).toEqual({ setting: 'OPERATOR_EMAIL' })
    expect(message).toBeNull()
    // Once the setting is there, the same event tells them.
    stage.ctx.defaults.operatorEmail = 'ops@fernwood.example'
    expect(await replayEvent(stage.ctx, eventId, false, 'a person')).toMatchObject({ willSend: 1, suppressed: 1 })
  })

  it('is not sent to an address that is suppressed', async () => {
    stage = await startStage({ OPERATOR_EMAIL: 'Ops@fernwood.example' })
    await stage.db.query(
      `insert into suppressions (channel, address, reason, source, created_at)
       values ('email', 'ops@fernwood.example', 'bounced', 'test', now())`,
    )
    const { eventId, notification } = await alerted(alert)
    expect(notification).toMatchObject({ state: 'suppressed', reasonCode: 'suppressed_address' })
    expect(await replayEvent(stage.ctx, eventId, false, 'a person')).toMatchObject({ willSend: 0, suppressed: 1 })
  })

  it('says that the time to respond is over, once it is', async () => {
    stage = await startStage({ OPERATOR_EMAIL: 'ops@fernwood.example' })
    const respondBy = '2026-11-22T10:00:00Z'
    const disputed = { type: 'operator.alert', data: { alert: 'dispute_created', respondBy } }
    const subjectOf = async () => {
      const { message } = await alerted(disputed)
      return message?.channel === 'email' ? message.subject : null
    }
    expect(await subjectOf()).toContain('respond by November 22')
    stage.clock.set(new Date(respondBy))
    expect(await subjectOf()).toContain('the time to respond is over')
  })

  it('whose data does not fit is refused at the door', async () => {
    stage = await startStage({})
    await expect(stage.accepted({ type: 'operator.alert', data: {} })).rejects.toThrow('data.alert')
  })
})
