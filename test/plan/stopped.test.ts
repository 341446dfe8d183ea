// An event that stops others says how many, to its sender and in its audit, and cancels them at once.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EventAudit, keys, startWorld, type World } from '../helper/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const isPlanned = ({ status }: EventAudit) => status === 'planned'
const reminder = (reference: string) => ({
  type: 'installment.scheduled',
  recipient: { email: 'grace@example.org' },
  data: { title: 'Letterpress', amount: { amount: 300, currency: 'eur' }, dueDate: '2031-03-10' },
  reference,
})

async function post(event: object) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${keys.producer}` }
  return (await world.send<Record<string, unknown>>('/v1/events', JSON.stringify(event), headers)).body
}

it('what it stops is cancelled as soon as it is planned', async () => {
  const waiting = [await post(reminder('ENR-70')), await post(reminder('ENR-70'))]
  for (const { id } of waiting) await world.event(String(id), isPlanned)
  const answer = await post({ type: 'installment.paid', reference: 'ENR-70', data: {} })
  expect(answer).toEqual({ id: answer.id, duplicate: false, status: 'accepted', stopped: 2 })
  expect(await world.event(String(answer.id), isPlanned)).toMatchObject({ status: 'planned', stopped: 2 })
  for (const { id } of waiting)
    expect((await world.event(String(id))).notifications).toMatchObject([
      { state: 'cancelled', reason: { code: 'stopped' } },
    ])
})

it('an event that stops nothing says nothing of it, and neither does its duplicate', async () => {
  const paid = { id: 'paid-71', type: 'installment.paid', reference: 'ENR-71', data: {} }
  const first = await post(paid)
  expect(first).toEqual({ id: first.id, duplicate: false, status: 'accepted' })
  await post(reminder('ENR-72'))
  expect(await post(paid)).toEqual({ id: first.id, duplicate: true, status: 'accepted' })
  expect(await world.event(String(first.id), isPlanned)).toMatchObject({ stopped: 0 })
})
