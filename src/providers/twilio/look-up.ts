// Looks up an SMS whose answer was lost.
import type { SmsMessage } from '../../domain/notification.ts'
import type { Transport } from '../../wire/http.ts'
import { field, parseJson } from '../../wire/json.ts'
import type { LookUp, LookUpOptions } from '../provider.ts'

/** Twilio's clock may be behind ours, and `date_created` is in whole seconds. */
const clockSlackMs = 30_000
const pageSize = 100
const maxPages = 5

export interface TwilioAccount {
  accountSid: string
  authorization: string
}

/**
 * Finds the messages to the same number with the same text, created since the call began, the nearest in time first.
 * Twilio has no idempotency keys and stores no id of ours with a message. The list is newest first and not filtered by
 * DateSent, which would hide queued messages (https://www.twilio.com/docs/messaging/api/message-resource).
 */
export async function lookUpText(
  wire: Transport,
  { accountSid, authorization }: TwilioAccount,
  message: SmsMessage,
  { startedAt, signal }: LookUpOptions,
): Promise<LookUp> {
  const from = Math.floor(startedAt.getTime() / 1000) * 1000 - clockSlackMs
  const candidates: { ref: string; at: Date }[] = []
  let path: string | null =
    `/2010-04-01/Accounts/${accountSid}/Messages.json?To=${encodeURIComponent(message.to)}&PageSize=${pageSize}`
  for (let pages = 0; path !== null && pages < maxPages; pages++) {
    const answer = await wire.send({ method: 'GET', path, headers: { authorization }, signal })
    if (answer.kind !== 'answer') return { kind: 'unclear', text: `The look-up at Twilio failed: ${answer.code}.` }
    if (answer.statusCode !== 200)
      return { kind: 'unclear', text: `Twilio answered the look-up with ${answer.statusCode}.` }
    const page = readPage(answer.body)
    if (!page) return { kind: 'unclear', text: 'Twilio’s answer to the look-up is unreadable.' }
    for (const found of page.messages)
      if (found.at >= from && found.body === message.text) candidates.push({ ref: found.sid, at: new Date(found.at) })
    const oldest = page.messages.at(-1)
    path = oldest && oldest.at >= from ? page.next : null
  }
  const distance = ({ at }: { at: Date }) => Math.abs(at.getTime() - startedAt.getTime())
  return { kind: 'answered', candidates: candidates.sort((a, b) => distance(a) - distance(b)) }
}

interface Listed {
  sid: string
  body: string
  at: number
}

function readPage(text: string): { messages: Listed[]; next: string | null } | null {
  const json = parseJson(text)
  const listed = field(json, 'messages')
  if (!Array.isArray(listed)) return null
  const next = field(json, 'next_page_uri')
  const messages = listed.flatMap((message): Listed[] => {
    const sid = field(message, 'sid')
    const body = field(message, 'body')
    const at = Date.parse(String(field(message, 'date_created')))
    return typeof sid === 'string' && typeof body === 'string' && !Number.isNaN(at) ? [{ sid, body, at }] : []
  })
  return { messages, next: typeof next === 'string' && next.startsWith('/') ? next : null }
}
