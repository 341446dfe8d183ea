// What a person does about a message that has ended.
import { expect, it } from 'vitest'
import { whatToDo } from '../../src/show/what-to-do.ts'

const bounced = { state: 'undelivered', reason: { code: 'bounced' } } as const

it('a text that did not arrive may be the sender’s fault, which no other number mends', () => {
  expect(whatToDo({ ...bounced, channel: 'sms' })).toContain('If it names a filter or the sender, it is ours to settle')
  expect(whatToDo({ ...bounced, channel: 'email' })).toContain('Ask the customer for an address that works')
})
