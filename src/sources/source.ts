// The contract of a source: who calls us with facts, how its webhooks are verified and read, and what its events come to
// in our types.
import type { DataFault, EventContent } from '../domain/event.ts'
import type { Reason } from '../domain/notification.ts'
import { type Block, readBlock, type Values } from '../settings/block.ts'
import type { Reader } from '../settings/reader.ts'

/** Header names in lower case, as Node gives them. */
export type Headers = Record<string, string | string[] | undefined>

/** 401: the signature is missing, wrong or outside the tolerance. 400: signed well, but no event. */
export interface RefusedWebhook {
  ok: false
  status: 400 | 401
  detail: string
}

export type ReadWebhook = { ok: true; sourceId: string; translation: Translation } | RefusedWebhook

/** What an enrichment came to, as the source made it: JSON, kept beside the event for every later translation. */
export type Found = Record<string, unknown>

/** A thing of the source's by its kind and id. */
export interface ObjectRef {
  kind: string
  id: string
}

/** What an event leaves open and its source could say: it is asked before the event is planned, where it may be. */
export interface Needs {
  /** The connected account that the event is of. */
  account: string | null
  /** Who may know the person's address: asked one after the other, until one does. */
  address: ObjectRef[]
  /** What may know by which other names the same payment goes, or what it is made of: the message could go without. */
  names: ObjectRef[]
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
export type Checkable = Pick<EventContent, 'type' | 'data' | 'recipients'>

export type Translation =
  | { ok: true; content: EventContent; needs?: Needs }
  /** Not an event at all (400), or an envelope that does not fit (422, with every fault's path). */
  | { ok: false; kind: 'refused'; status: 400 | 422; detail: string; errors?: DataFault[]; checkable?: Checkable }
  /** A known type that lacks what a message needs: accepted, kept, shown as failed. `content` is what could be read. */
  | { ok: false; kind: 'incomplete'; content: EventContent; fault: Reason; needs?: Needs }

/** Pure: the same raw body gives the same content, at the door and again from the row. What was found completes it. */
export type Translate = (raw: Buffer, found?: Found | null) => Translation

export interface Webhooks {
  /** What the headers alone show to be wrong, so that the body need not be read; `read` must find it too. */
  headFault(headers: Headers, nowMs: number): RefusedWebhook | null
  /** Verifies the raw body, then parses it, once. */
  read(raw: Buffer, headers: Headers, nowMs: number): ReadWebhook
}

export interface Source {
  name: string
  /** Whether data that does not fit is told to the sender (an app: 422) or kept and shown as failed (a vendor). */
  answersForItsData: boolean
  /** Needs no secret, so events outlive a source's settings. */
  translate: Translate
  /** Null where no secret is set, as nobody could be verified, and for a source that calls nobody. */
  webhooks: Webhooks | null
  /** How to ask it for what an event leaves open; null where it cannot be asked. */
  enrich: LookUp | null
}

/** What the demo sends in a source's name. */
export interface Demo {
  /** The settings under which its webhook is verified, by variable. */
  env: Record<string, string>
  webhook(now: Date): { title: string; headers: Record<string, string>; body: string }
}

interface Definition<B extends Block> {
  /** In URLs and rows; in capitals it begins the source's variables. */
  name: string
  settings: B
  translate: Translate
  webhooks(settings: Values<B>): Webhooks | null
  enrich?(settings: Values<B>): LookUp | null
  demo?: Demo
}

/** A vendor, whose webhooks come in at `/webhooks/<name>`, as the list in index.ts knows it. */
export interface VendorSource {
  name: string
  /** The line of each of its variables, for `.env.example`. */
  lines: Record<string, string>
  /** Also where nothing is set: what it once sent can be read. */
  configure(reader: Reader): Source
  demo: Demo | null
}

export function defineSource<B extends Block>(definition: Definition<B>): VendorSource {
  const { name, settings, translate, demo = null } = definition
  return {
    name,
    lines: Object.fromEntries(Object.values(settings).map((setting) => [setting.name, setting.line])),
    configure(reader) {
      const values = readBlock(reader, settings)
      const webhooks = values && definition.webhooks(values)
      const enrich = (values && definition.enrich?.(values)) ?? null
      return { name, answersForItsData: false, translate, webhooks, enrich }
    },
    demo,
  }
}

/** What a translation leaves open; null where nothing is, or nobody could be asked. */
export function needsOf(translation: Translation): Needs | null {
  return translation.ok || translation.kind === 'incomplete' ? (translation.needs ?? null) : null
}
