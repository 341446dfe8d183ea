// Finds the fields of an event and of its recipients that have no meaning, so that a misspelt one is not ignored in silence.
import type { DataFault } from '../../domain/event.ts'
import type { Fields } from '../../wire/json.ts'
import { meantInstead, synonymsOf } from '../../wire/nearest-name.ts'

const ofEvents = [
  'type',
  'id',
  'timestamp',
  'data',
  'recipient',
  'recipients',
  'channels',
  'sendAt',
  'expiresAt',
  'priority',
  'reference',
]
const ofRecipients = ['id', 'email', 'phone', 'country', 'name', 'locale', 'timezone', 'data']
/** What our own answers and other APIs call them. */
const synonymsOfEvents = synonymsOf({
  type: 'event name topic kind',
  id: 'idempotency_key dedupe_key uuid',
  timestamp: 'created created_at occurred_at time',
  data: 'payload properties params variables attributes',
  recipient: 'to user customer contact',
  channels: 'via',
  sendAt: 'scheduled_for scheduled_at schedule_at deliver_at deliver_after not_before',
  expiresAt: 'expires expiry valid_until',
  priority: 'urgency',
  reference: 'order_id correlation_id thread_id',
  'recipient.email': 'mail email_address',
  'recipient.phone': 'mobile phone_number',
})
const synonymsOfRecipients = synonymsOf({
  id: 'user_id customer_id',
  email: 'mail address',
  phone: 'mobile cell cellphone tel telephone msisdn sms',
  country: 'region country_code',
  name: 'first_name',
  locale: 'language lang',
  timezone: 'tz',
  data: 'properties attributes metadata',
})
const maxPathLength = 100
/** A body may have thousands. */
const maxUnknown = 100

export function unknownOfEvent(body: Fields): DataFault[] {
  return unknownIn(body, ofEvents).map((name) => ({
    path: pathOf(name),
    message: `is not a field of an event${meantInEvent(name)}`,
  }))
}

/** `path` is that of the recipient. */
export function unknownOfRecipient(recipient: Fields, path: string): DataFault[] {
  return unknownIn(recipient, ofRecipients).map((name) => {
    const meant =
      meantInstead(name, ofRecipients, synonymsOfRecipients) || ': facts about a recipient belong in its `data`'
    return { path: `${path}.${pathOf(name)}`, message: `is not a field of a recipient${meant}` }
  })
}

function meantInEvent(name: string): string {
  const known = ofRecipients.includes(name)
    ? `; did you mean \`recipient.${name}\`?`
    : meantInstead(name, ofEvents, synonymsOfEvents)
  return known || ': facts about the event belong in `data`'
}

function unknownIn(fields: Fields, known: readonly string[]): string[] {
  return Object.keys(fields)
    .filter((name) => !known.includes(name))
    .slice(0, maxUnknown)
}

function pathOf(name: string): string {
  return name.slice(0, maxPathLength).toWellFormed()
}
