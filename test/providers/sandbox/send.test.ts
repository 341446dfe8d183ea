// The sandbox takes everything and shows nobody's address.
import { expect, it } from 'vitest'
import { maskAddress } from '../../../src/privacy/mask.ts'
import { sandbox } from '../../../src/providers/sandbox/send.ts'
import { emailMessage, key, options, smsMessage } from '../conformance.ts'

it('takes every message and prints one line that shows neither address nor words', async () => {
  const lines: string[] = []
  const print = (line: string) => void lines.push(line)
  expect(await sandbox('email', print).send(emailMessage, options())).toEqual({
    kind: 'accepted',
    ref: `sandbox-${key}`,
  })
  expect(await sandbox('sms', print).send(smsMessage, options())).toEqual({ kind: 'accepted', ref: `sandbox-${key}` })
  expect(lines).toEqual([
    `sandbox accepted an email for a***@customers.example; nothing was sent (${key})`,
    `sandbox accepted an SMS for +1***23; nothing was sent (${key})`,
  ])
})

it.each([
  ['a@example.com', 'a***@example.com'],
  ['😀b@example.com', '😀***@example.com'],
  ['+4512345678', '+45***78'],
  ['+451234567', '+45***67'],
])('%s is shown as %s', (address, expected) => {
  expect(maskAddress(address)).toBe(expected)
})
