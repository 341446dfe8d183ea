// How people and ids are written for the vendors that we speak to without an SDK.
import { describe, expect, it } from 'vitest'
import { mailboxOf, mailboxText, messageIdOf, namedMailbox } from '../../../src/providers/kit/mailbox.ts'

describe('a mailbox', () => {
  it.each([
    ['hello@acme.example', { email: 'hello@acme.example' }],
    ['<hello@acme.example>', { email: 'hello@acme.example' }],
    ['Acme <hello@acme.example>', { email: 'hello@acme.example', name: 'Acme' }],
    ['Acme, Inc. <hello@acme.example> ', { email: 'hello@acme.example', name: 'Acme, Inc.' }],
    ['"Acme \\"West\\", Inc." <hello@acme.example>', { email: 'hello@acme.example', name: 'Acme "West", Inc.' }],
    [
      'Acme\r\nBcc: eve@evil.example\u202e <hello@acme.example>',
      { email: 'hello@acme.example', name: 'Acme Bcc: eve@evil.example' },
    ],
  ])('%s is taken apart', (text, expected) => expect(mailboxOf(text)).toEqual(expected))

  it.each([
    [null, 'ada@customers.example'],
    ['  ', 'ada@customers.example'],
    ['\u202e\u200f', 'ada@customers.example'],
    ['Ada', 'Ada <ada@customers.example>'],
    ["Ada O'Neil-King 2", "Ada O'Neil-King 2 <ada@customers.example>"],
    ['Lovelace, Ada', '"Lovelace, Ada" <ada@customers.example>'],
    ['Ada "the" \\ Countess', '"Ada \\"the\\" \\\\ Countess" <ada@customers.example>'],
    ['Ada\r\nBcc: eve@evil.example', '"Ada Bcc: eve@evil.example" <ada@customers.example>'],
    ['Łódź', '"Łódź" <ada@customers.example>'],
    ['=?utf-8?q?Eve?=', 'ada@customers.example'],
    ['Ada =?UTF-8?B?c3VwcG9ydEBiYW5r?=', 'ada@customers.example'],
    ['=\u202e?utf-8?q?Eve', 'ada@customers.example'],
    ['Ada = ?', '"Ada = ?" <ada@customers.example>'],
    ['\u202eevE\u202c Ada', 'evE Ada <ada@customers.example>'],
  ])('of the name %j is one recipient', (name, expected) => {
    expect(mailboxText(namedMailbox('ada@customers.example', name))).toBe(expected)
  })
})

it('a Message-ID is our id at the sender’s domain', () => {
  expect(messageIdOf('id-1', 'Acme <hello@acme.example>')).toBe('<id-1@acme.example>')
})
