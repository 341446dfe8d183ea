// Reads the envelope of a Razorpay event.
import { at, dateOf, type Fields, isFields, parseVendorJson, textOf, vendorLimits } from '../../wire/json.ts'

export interface RazorpayEvent {
  type: string
  occurredAt: Date | null
  /** Empty if the event is about something else. */
  payment: Fields
  refund: Fields
  dispute: Fields
  /** All entities, in the payload's order. */
  entities: Fields[]
  /** Further keys of the order's name in notes. */
  orderKeys: readonly string[]
}

type ReadRazorpayEvent = { ok: true; event: RazorpayEvent } | { ok: false; detail: string }

/** More parts than any event has. */
const maxParts = 20

/** The event, or what is wrong with the body. */
export function readRazorpayEvent(raw: Buffer, orderKeys: readonly string[]): ReadRazorpayEvent {
  const body = parseVendorJson(raw)
  if (!isFields(body)) return { ok: false, detail: `The body is not a JSON object in UTF-8 with ${vendorLimits}.` }
  const type = textOf(body.event, 200)
  const isEvent = body.entity === undefined || body.entity === 'event'
  if (!isEvent || type === null || !isFields(body.payload))
    return { ok: false, detail: 'The body is not a Razorpay event: it needs an event and a payload.' }
  const { payload } = body
  const entities = Object.values(payload)
    .slice(0, maxParts)
    .map((part) => at(part, 'entity'))
  const entityOf = (name: string) => at(payload, name, 'entity')
  const [payment, refund, dispute] = [entityOf('payment'), entityOf('refund'), entityOf('dispute')]
  return {
    ok: true,
    event: { type, occurredAt: dateOf(body.created_at), payment, refund, dispute, entities, orderKeys },
  }
}
