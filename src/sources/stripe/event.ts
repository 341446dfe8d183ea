// Reads the envelope of a Stripe event, in any API version, with its object (a snapshot) or without (a thin event).
import { at, type Fields, idOf, isFields, parseVendorJson, textOf, vendorLimits } from '../../wire/json.ts'

export interface StripeEvent {
  id: string
  /** A snapshot's type, also of a thin event: `invoice.paid`. */
  type: string
  /** As it was sent; a thin event has `v1.invoice.paid`. */
  sourceType: string
  /** Unix seconds. */
  created: unknown
  livemode: boolean | null
  /** The connected account; null for the platform's own. */
  account: string | null
  /** The account of an organization's event, and of a thin event: requests are made in it. */
  context: string | null
  /** `data.object`: the object at the time of the event, in the endpoint's API version. Empty in a thin event. */
  object: Fields
  /** `data.previous_attributes`: the changed fields with their values before the event. */
  previous: Fields
  /** Where the content of a thin event is; null for a snapshot. */
  thin: Thin | null
}

export interface Thin {
  /** The id of the snapshot of the same event. */
  snapshot: string | null
  /** The object that the event is about, and its path in Stripe's API. */
  related: { id: string; path: string } | null
}

type ReadStripeEvent = { ok: true; event: StripeEvent } | { ok: false; detail: string }

/** The event, or what is wrong with the body. */
export function readStripeEvent(raw: Buffer): ReadStripeEvent {
  const body = parseVendorJson(raw)
  if (!isFields(body)) return { ok: false, detail: `The body is not a JSON object in UTF-8 with ${vendorLimits}.` }
  return body.object === 'v2.core.event' ? readThin(body) : readSnapshot(body)
}

/** The event with the object of a snapshot; null if the body is not a snapshot. */
export function readSnapshot(body: Fields): ReadStripeEvent {
  const id = textOf(body.id, 255)
  const type = textOf(body.type, 200)
  const object = isFields(body.data) && isFields(body.data.object) ? body.data.object : null
  const isEvent = body.object === undefined || body.object === 'event'
  if (!isEvent || id === null || type === null || object === null)
    return { ok: false, detail: 'The body is not a Stripe event: it needs an id, a type and data.object.' }
  const livemode = typeof body.livemode === 'boolean' ? body.livemode : null
  const [account, context] = [idOf(body.account), textOf(body.context, 500)]
  const previous = at(body.data, 'previous_attributes')
  const sent = { id, type, sourceType: type, created: body.created, livemode, account, context }
  return { ok: true, event: { ...sent, object, previous, thin: null } }
}

function readThin(body: Fields): ReadStripeEvent {
  const id = textOf(body.id, 255)
  const sourceType = textOf(body.type, 200)
  if (id === null || sourceType === null)
    return { ok: false, detail: 'The body is not a Stripe event: it needs an id and a type.' }
  const livemode = typeof body.livemode === 'boolean' ? body.livemode : null
  // Its time is in ISO 8601, unlike a snapshot's.
  const created = typeof body.created === 'string' ? Date.parse(body.created) / 1000 : body.created
  const related = at(body, 'related_object')
  const [relatedId, path] = [idOf(related), textOf(related.url, 500)]
  const thin = {
    snapshot: textOf(body.snapshot_event, 255),
    related: relatedId && path && isPath(path) ? { id: relatedId, path } : null,
  }
  const sent = { id, type: sourceType.replace(/^v1\./, ''), sourceType, created, livemode }
  const context = textOf(body.context, 500)
  return { ok: true, event: { ...sent, account: null, context, object: {}, previous: {}, thin } }
}

/** A path in Stripe's API, and no other URL. */
function isPath(path: string): boolean {
  return /^\/v[12](\/[\w-][\w.-]*)+$/.test(path)
}
