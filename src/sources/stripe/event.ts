// Reads the envelope of a Stripe event, in any API version.
import { at, type Fields, idOf, isFields, parseJson, textOf } from '../../wire/json.ts'

export interface StripeEvent {
  id: string
  type: string
  /** Unix seconds. */
  created: unknown
  livemode: boolean | null
  /** The connected account; null for the platform's own. */
  account: string | null
  /** `data.object`: the object at the time of the event, in the endpoint's API version. */
  object: Fields
  /** `data.previous_attributes`: the changed fields with their values before the event. */
  previous: Fields
}

type ReadStripeEvent = { ok: true; event: StripeEvent } | { ok: false; detail: string }

/** The event, or what is wrong with the body. */
export function readStripeEvent(raw: Buffer): ReadStripeEvent {
  const body = parseJson(raw)
  if (!isFields(body)) return { ok: false, detail: 'The body is not a JSON object in UTF-8.' }
  if (body.object === 'v2.core.event')
    return { ok: false, detail: 'This is a thin event. Register the endpoint for snapshot events.' }
  const id = textOf(body.id, 255)
  const type = textOf(body.type, 200)
  const object = isFields(body.data) && isFields(body.data.object) ? body.data.object : null
  const isEvent = body.object === undefined || body.object === 'event'
  if (!isEvent || id === null || type === null || object === null)
    return { ok: false, detail: 'The body is not a Stripe event: it needs an id, a type and data.object.' }
  const livemode = typeof body.livemode === 'boolean' ? body.livemode : null
  const account = idOf(body.account)
  const previous = at(body.data, 'previous_attributes')
  return { ok: true, event: { id, type, created: body.created, livemode, account, object, previous } }
}
