// How people and ids are written for the vendors that we speak to without an SDK.
import { describe, expect, it } from 'vitest'
import { mailboxOf, mailboxText, messageIdOf } from '../../../src/providers/kit/mailbox.ts'

describe('a mailbox', () => {
  it.each([
    ['hello@acme.example', { email: 'hello@acme.example' }],
    ['<hello@acme.example>', { email: 'hello@acme.example' }],
    ['Acme <hello@acme.example>', { email: 'hello@acme.example', name: 'Acme' }],
    ['Acme, Inc. <hello@acme.example> ', { email: 'hello@acme.example', name: 'Acme, Inc.' }],
    ['"Acme \\"West\\", Inc." <hello@acme.example>', { email: 'hello@acme.example', name: 'Acme "West", Inc.' }],
  ])('%s is taken apart', (text, expected) => expect(mailboxOf(text)).toEqual(expected))

  it.each([
    [null, 'ada@customers.example'],
    ['  ', 'ada@customers.example'],
    ['Ada', '"Ada" <ada@customers.example>'],
    ['Lovelace, Ada', '"Lovelace, Ada" <ada@customers.example>'],
    ['Ada "the" \\ Countess', '"Ada \\"the\\" \\\\ Countess" <ada@customers.example>'],
    ['Ada\r\nBcc: eve@evil.example', '"Ada Bcc: eve@evil.example" <ada@customers.example>'],
  ])('of the name %j is one recipient', (name, expected) => {
    expect(mailboxText('ada@customers.example', name)).toBe(expected)
  })
})

it('a Message-ID is our id at the sender’s domain', () => {
  expect(messageIdOf('id-1', 'Acme <hello@acme.example>')).toBe('<id-1@acme.example>')
})
