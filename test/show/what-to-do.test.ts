// What a person does about a message that has ended.
import { expect, it } from 'vitest'
import { whatToDo } from '../../src/show/what-to-do.ts'

const bounced = { state: 'undelivered', reason: { code: 'bounced' } } as const

it('a text that did not arrive may be the sender’s fault, which no other number mends', () => {
  expect(whatToDo({ ...bounced, channel: 'sms' })).toContain('If it names a filter or the sender, it is ours to settle')
  expect(whatToDo({ ...bounced, channel: 'email' })).toContain('Ask the customer for an address that works')
})

it.each([
  ['opted_out', /by START where it was STOP/],
  ['complaint', /until its owner wants it/],
  ['invalid_address', /Ask the customer for an address that works, .* lift the suppression, then send it again\./],
  ['hard_bounce', /Ask the customer for an address that works/],
  ['unreachable', /switched off or out of reach\. Later, send it again/],
  ['filtered', /The number is not at fault: settle the filter/],
  ['sender', /The number is not at fault: the sender or the account/],
])('a text that was refused or did not arrive by %s has a way of its own', (cause, way) => {
  for (const state of ['failed', 'undelivered'] as const) {
    const text = whatToDo({
      state,
      channel: 'sms',
      reason: { code: state === 'failed' ? 'rejected' : 'bounced', cause },
    })
    expect(text).toMatch(way)
    expect(text).not.toContain('Check the address')
  }
})

it.each([
  ['opted_out', /by START where it was STOP, .* then replay its event\./],
  ['invalid_address', /Ask the customer for an address that works, .* then replay its event\./],
  [undefined, /If the customer wants messages again, lift the suppression, then replay its event\./],
])('a text to an address that is suppressed by %s says how it is lifted', (cause, way) => {
  expect(whatToDo({ state: 'suppressed', channel: 'sms', reason: { code: 'suppressed_address', cause } })).toMatch(way)
})

it.each([
  ['opted_out', /^Nothing more is planned\. The address is no longer .* still needs the message, replay its event\.$/],
  ['hard_bounce', /The address is no longer on the suppression list\. If it works now, replay its event\./],
  [undefined, /The address is no longer on the suppression list\. If the customer still needs the message/],
])('an address whose suppression by %s has been lifted is not to be lifted again', (cause, way) => {
  const reason = { code: 'suppressed_address', cause }
  const text = whatToDo({ state: 'suppressed', channel: 'sms', reason, addressSuppressed: false })
  expect(text).toMatch(way)
  expect(text).not.toContain('lift the suppression')
})
