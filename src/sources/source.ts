// The contract of a source: who calls us with facts. It verifies a webhook, names the event,
// and translates it into our types. http/webhooks.ts asks it; plan.ts translates again from the row.
import type { DataFault, EventContent, EventFault } from '../event.ts'

/** Header names in lower case, as Node gives them. */
export type Headers = Record<string, string | string[] | undefined>

export type Verified =
  | { ok: true; sourceId: string }
  /** 401: the signature is missing, wrong or outside the tolerance. 400: signed well, but no event. 404: unknown app. */
  | { ok: false; status: 400 | 401 | 404; detail: string }

export type Translation =
  | { ok: true; content: EventContent }
  /** Not an event at all (400), or an envelope that does not fit (422, with every fault's path). */
  | { ok: false; kind: 'refused'; status: 400 | 422; detail: string; errors?: DataFault[] }
  /** A known type that lacks what a message needs: accepted, kept, shown as failed. `content` is what could be read. */
  | { ok: false; kind: 'incomplete'; content: EventContent; fault: EventFault }

export interface Source {
  name: string
  /** Whether data that does not fit is told to the sender (an app: 422) or kept and shown as failed (a vendor). */
  answersForItsData: boolean
  verify(raw: Buffer, headers: Headers, nowMs: number): Verified
  /** Pure: the same raw body gives the same content, at the door and again from the row. */
  translate(raw: Buffer): Translation
}
