// What may be kept of a vendor's words.
import { describe, expect, it } from 'vitest'
import { redact } from '../../../src/privacy/redact.ts'
import { redactOutcome } from '../../../src/providers/kit/provider-of.ts'

describe('redacting a vendor’s words', () => {
  it.each([
    ['550 5.1.1 <ada@example.com>: unknown', '550 5.1.1 <[address]>: unknown'],
    ['to: ada+tag@exämple.com,', 'to: [address],'],
    ['no such user ada%40example.com here', 'no such user [address] here'],
    ['from bounce+ada=example.com@lists.example.', 'from [address].'],
    ['SRS0=hhh=tt=example.com=ada@forward.example', '[address]'],
    ['{"to":"ada\\u0040example.com"}', '{"to":"[address]"}'],
    ['msisdn=4790612 and YWRhQGV4YW1wbGUuY29t', 'msisdn=[address] and [address]'],
    ["The 'To' number +14155550123 is not valid", "The 'To' number [address] is not valid"],
    ['number 14155550123.', 'number [address].'],
    ['call (415) 555-0123 or 020 7946 0958', 'call [address] or [address]'],
    ['connect ECONNREFUSED 192.168.100.200:25', 'connect ECONNREFUSED 192.168.100.200:25'],
    ['tag 0199c0de-0000-7000-8000-00000000000a', 'tag 0199c0de-0000-7000-8000-00000000000a'],
    ['since 2026-11-21, error 21610', 'since 2026-11-21, error 21610'],
    ['two\r\nlines\u0000 and\ttab\u2028', 'two lines and tab'],
  ])('%j becomes %j', (text, expected) => {
    expect(redact(text)).toBe(expected)
  })

  it('keeps it short, and whole characters only', () => {
    const short = redact('😀'.repeat(400))
    expect(short.length).toBeLessThanOrEqual(300)
    expect(short.isWellFormed()).toBe(true)
  })

  it('reads no more than it must of a megabyte', () => {
    for (const part of ['x', 'a@', '%40', '=a.co', '1', '\\u0040'])
      expect(redact(part.repeat(1024 * 1024)).length).toBeLessThanOrEqual(300)
  })

  it('takes secrets and odd addresses out of text and code', () => {
    const outcome = redactOutcome(
      { kind: 'deferred', code: 'bad key s3cr3t!\n', text: 'the key s3cr3t for "odd one"@x' },
      ['s3cr3t'],
      ['"odd one"@x'],
    )
    expect(outcome).toEqual({ kind: 'deferred', code: 'badkey', text: 'the key [secret] for [address]' })
  })
})
