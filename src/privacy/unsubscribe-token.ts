// The tokens of unsubscribe links: encrypted and authenticated, and complete in themselves, as a link must work after our
// rows were removed. The nonce is derived from the content (as in AES-SIV), so that a message rendered again has the same bytes.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Category, PersonalChannel } from '../domain/notification.ts'

/** Who unsubscribes from what, and the locale of the page. */
export interface UnsubscribeRequest {
  recipientId: string | null
  /** The app that the id belongs to, where apps do not share ids. */
  app?: string
  address: string
  channel: PersonalChannel
  category: Category
  locale: string
}

export interface UnsubscribeTokens {
  /** Answers base64url. */
  seal(unsubscribe: UnsubscribeRequest): string
  /** Null where the token was made with none of our keys, or was altered. */
  open(token: string): UnsubscribeRequest | null
}

const nonceBytes = 12
const tagBytes = 16
/** A longer id, with the longest address, would make a link that exceeds a header line's 998 characters (RFC 5322). */
const maxIdBytes = 256

/** Seals with the first key, and opens what any of them sealed. */
export function unsubscribeTokens(secretKey: string, ...olderKeys: string[]): UnsubscribeTokens {
  const all = [secretKey, ...olderKeys].map(tokensBy)
  return {
    seal: tokensBy(secretKey).seal,
    open(token) {
      for (const { open } of all) {
        const opened = open(token)
        if (opened) return opened
      }
      return null
    },
  }
}

function tokensBy(secretKey: string): UnsubscribeTokens {
  const derived = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', secretKey, '', `posthorn unsubscribe ${purpose} 1`, 32))
  const sealing = derived('sealing')
  const naming = derived('naming')
  const nonceOf = (content: Buffer) => createHmac('sha256', naming).update(content).digest().subarray(0, nonceBytes)
  return {
    seal(unsubscribe) {
      const content = Buffer.from(JSON.stringify(asList(unsubscribe)))
      const nonce = nonceOf(content)
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce)
      const sealed = [nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]
      return Buffer.concat(sealed).toString('base64url')
    },
    open(token) {
      const bytes = Buffer.from(token, 'base64url')
      // Different base64url texts can decode to the same bytes: accept only the canonical one.
      if (bytes.length <= nonceBytes + tagBytes || bytes.toString('base64url') !== token) return null
      const nonce = bytes.subarray(0, nonceBytes)
      const decipher = createDecipheriv('aes-256-gcm', sealing, nonce, { authTagLength: tagBytes })
      decipher.setAuthTag(bytes.subarray(-tagBytes))
      const content = decipher.update(bytes.subarray(nonceBytes, -tagBytes))
      if (!isWhole(() => decipher.final()) || !timingSafeEqual(nonce, nonceOf(content))) return null
      return fromList(JSON.parse(content.toString()))
    },
  }
}

type Listed = [
  id: string | null,
  address: string,
  channel: UnsubscribeRequest['channel'],
  category: Category,
  locale: string,
  app?: string,
]

/** An id too long for a header is omitted: the address alone is enough to unsubscribe. */
function asList({ recipientId, app, address, channel, category, locale }: UnsubscribeRequest): Listed {
  const id = recipientId !== null && Buffer.byteLength(recipientId) <= maxIdBytes ? recipientId : null
  return app ? [id, address, channel, category, locale, app] : [id, address, channel, category, locale]
}

function fromList([recipientId, address, channel, category, locale, app]: Listed): UnsubscribeRequest {
  return { recipientId, ...(app && { app }), address, channel, category, locale }
}

function isWhole(verify: () => unknown): boolean {
  try {
    verify()
    return true
  } catch {
    return false
  }
}
