// The tokens of unsubscribe links: whole or nothing, readable by nobody, the same whenever they are made.
import { describe, expect, it } from 'vitest'
import { type UnsubscribeRequest, unsubscribeTokens } from '../../src/privacy/unsubscribe-token.ts'

const tokens = unsubscribeTokens('a-secret-key-of-the-tests')
const unsubscribe: UnsubscribeRequest = {
  recipientId: 'cus_42',
  address: 'ada@example.com',
  channel: 'email',
  category: 'product',
  locale: 'en-GB',
}

describe('a token', () => {
  it('brings back what is in it', () => {
    for (const one of [
      unsubscribe,
      { ...unsubscribe, recipientId: null },
      { ...unsubscribe, recipientId: 'आदा "42"', address: '+14155550123', channel: 'sms' as const },
    ])
      expect(tokens.open(tokens.seal(one))).toEqual(one)
  })

  it('is the same for the same content, in every process with the key, and another for any other', () => {
    const again = unsubscribeTokens('a-secret-key-of-the-tests')
    expect(again.seal({ ...unsubscribe })).toBe(tokens.seal(unsubscribe))
    const others = [
      tokens.seal({ ...unsubscribe, recipientId: 'cus_43' }),
      tokens.seal({ ...unsubscribe, address: 'bob@example.com' }),
      tokens.seal({ ...unsubscribe, channel: 'sms' }),
      unsubscribeTokens('another-secret-key').seal(unsubscribe),
    ]
    expect(new Set([tokens.seal(unsubscribe), ...others]).size).toBe(5)
  })

  it('says nothing to who has no key', () => {
    const token = tokens.seal(unsubscribe)
    expect(token).toMatch(/^[A-Za-z0-9_-]+$/)
    const seen = token + Buffer.from(token, 'base64url').toString('latin1')
    for (const word of ['ada', 'example', 'cus_42', 'product', 'email']) expect(seen).not.toContain(word)
  })

  it('with any one character changed, added or missing is refused', () => {
    const token = tokens.seal(unsubscribe)
    const other = (character: string) => (character === 'A' ? 'B' : 'A')
    for (let i = 0; i < token.length; i++) {
      expect(tokens.open(token.slice(0, i) + other(token[i] ?? '') + token.slice(i + 1)), `at ${i}`).toBeNull()
      expect(tokens.open(token.slice(0, i))).toBeNull()
    }
    const last = token.at(-1) ?? ''
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    for (const character of alphabet.replace(last, '')) expect(tokens.open(token.slice(0, -1) + character)).toBeNull()
    for (const more of ['A', '=', ' ', '\n', '%']) expect(tokens.open(token + more)).toBeNull()
  })

  it.each(['', 'A', 'preview', 'A'.repeat(38), 'A'.repeat(400), '🙂'.repeat(20)])('%j is none', (text) => {
    expect(tokens.open(text)).toBeNull()
  })

  it('of another key is refused', () => {
    expect(unsubscribeTokens('another-secret-key').open(tokens.seal(unsubscribe))).toBeNull()
  })

  it('of an older key is opened while that key is listed, and new ones are made with the first', () => {
    const both = unsubscribeTokens('another-secret-key', 'a-secret-key-of-the-tests')
    expect(both.open(tokens.seal(unsubscribe))).toEqual(unsubscribe)
    expect(both.seal(unsubscribe)).toBe(unsubscribeTokens('another-secret-key').seal(unsubscribe))
    expect(unsubscribeTokens('a-third-secret-key', 'another-secret-key').open(tokens.seal(unsubscribe))).toBeNull()
  })

  it('fits on one line of an email’s head whoever it is for; of an id that does not fit, the address is left', () => {
    const address = `${'a'.repeat(64)}@${'b'.repeat(185)}.com`
    const longest = { ...unsubscribe, address, locale: 'de-Latn-DE-1996-x-something', recipientId: 'i'.repeat(200) }
    const widest = { ...longest, recipientId: '😀'.repeat(100) }
    expect(tokens.open(tokens.seal(longest))).toEqual(longest)
    expect(tokens.open(tokens.seal(widest))).toEqual({ ...widest, recipientId: null })
    const header = (one: UnsubscribeRequest) =>
      `List-Unsubscribe: <https://notifications.a-rather-long-name.example.com/unsubscribe/${tokens.seal(one)}>`
    for (const one of [longest, widest, { ...longest, recipientId: '😀'.repeat(64) }])
      expect(header(one).length).toBeLessThan(998)
  })
})
