// The contract of a source: who calls us with facts. It verifies a webhook, names the event,
// and translates it into our types. http/webhooks.ts asks it; plan.ts translates again from the row.
import type { DataFault, EventContent } from '../domain/event.ts'
import type { Reason } from '../domain/notification.ts'

/** Header names in lower case, as Node gives them. */
export type Headers = Record<string, string | string[] | undefined>

export type Verified =
  | { ok: true; sourceId: string }
  /** 401: the signature is missing, wrong or outside the tolerance. 400: signed well, but no event. 404: unknown app. */
  | { ok: false; status: 400 | 401 | 404; detail: string }

/** What a look-up came to, as the source made it: JSON, kept beside the event for every later translation. */
export type Found = Record<string, unknown>

/** A thing of the source's by its kind and id. */
export interface Asked {
  kind: string
  id: string
}

/** What an event leaves open and its source could say. plan/enrich.ts asks before the event is planned, where it may. */
export interface Needs {
  /** The connected account that the event is of. */
  account: string | null
  /** Who may know the person's address: asked one after the other, until one does. */
  address: Asked[]
  /** What may know by which other names the same payment goes, or what it is made of: the message could go without. */
  names: Asked[]
}

export type LookedUp =
  | { kind: 'found'; found: Found }
  /** Not now (busy, away): worth another try. */
  | { kind: 'later'; text: string; retryAfterMs: number | null }
  /** Not until a person has mended something. */
  | { kind: 'never'; text: string }

/** Asks the source. Says what came of it in words for support staff, without keys and addresses; throws for bugs only. */
export type LookUp = (needs: Needs) => Promise<LookedUp>

/** Of an envelope that does not fit, what its type can be asked of: the sender hears of the data's faults, too. */
export type Told = Pick<EventContent, 'type' | 'data' | 'recipients'>

export type Translation =
  | { ok: true; content: EventContent; needs?: Needs }
  /** Not an event at all (400), or an envelope that does not fit (422, with every fault's path). */
  | { ok: false; kind: 'refused'; status: 400 | 422; detail: string; errors?: DataFault[]; told?: Told }
  /** A known type that lacks what a message needs: accepted, kept, shown as failed. `content` is what could be read. */
  | { ok: false; kind: 'incomplete'; content: EventContent; fault: Reason; needs?: Needs }

export interface Source {
  name: string
  /** Whether data that does not fit is told to the sender (an app: 422) or kept and shown as failed (a vendor). */
  answersForItsData: boolean
  verify(raw: Buffer, headers: Headers, nowMs: number): Verified
  /** Pure: the same raw body gives the same content, at the door and again from the row. What was found completes it. */
  translate: Translate
}

export type Translate = (raw: Buffer, found?: Found | null) => Translation

/** What a translation leaves open; null where nothing is, or nobody could be asked. */
export function needsOf(translation: Translation): Needs | null {
  return translation.ok || translation.kind === 'incomplete' ? (translation.needs ?? null) : null
}
