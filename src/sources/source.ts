// The contract of a source: how its webhooks are verified and its events translated.
import type { DataFault, EventContent } from '../domain/event.ts'
import type { Reason } from '../domain/reason.ts'
import type { TestEvents } from '../domain/test-events.ts'
import { type Block, readBlock, type Setting, type Values } from '../settings/block.ts'
import type { Reader } from '../settings/reader.ts'
import type { Demo, Sample } from './kit/sample.ts'

/** Header names in lower case, as Node gives them. */
export type Headers = Record<string, string | string[] | undefined>

/** 401: the signature is missing, wrong or outside the tolerance. 400: verified, but not an event. */
export interface RefusedWebhook {
  ok: false
  status: 400 | 401
  /** Default: `signature_invalid` for 401, `not_an_event` for 400. */
  code?: 'signature_missing' | 'timestamp_out_of_tolerance'
  detail: string
}

export type ReadWebhook =
  | { ok: true; sourceId: string; translation: Translation | Promise<Translation> }
  | RefusedWebhook

/** The result of an enrichment, as JSON. It is stored with the event and used by every later translation. */
export type Enrichment = Record<string, unknown>

/** An object at the source. */
export interface ObjectRef {
  kind: string
  id: string
}

/** What an event lacks and its source may know. The source is asked before the event is planned. */
export interface Missing {
  /** The connected account of the event. */
  account: string | null
  /** The account within an organization in which the source is to be asked. */
  context: string | null
  /** Where the event itself is, if the webhook only points to it. They are asked in order, before anything else. */
  content: ObjectRef[]
  /** Objects that may have the person's address. They are asked in order, until one has it. */
  address: ObjectRef[]
  /** Objects that may have other names of the same payment, or its parts. The message does not depend on them. */
  names: ObjectRef[]
}

export type EnrichmentAnswer =
  | { kind: 'found'; found: Enrichment }
  /** The source is busy or unreachable: ask again later. */
  | { kind: 'later'; text: string; retryAfterMs: number | null }
  /** An operator must fix something first. */
  | { kind: 'never'; text: string }

/** Asks the source. Texts are for support staff and have no keys or addresses. Throws only for a bug. */
export type Enrich = (missing: Missing) => Promise<EnrichmentAnswer>

/** The part of an invalid event whose data can be checked, so that the sender gets the faults of the data too. */
export type Checkable = Pick<EventContent, 'type' | 'data' | 'recipients'>

export interface TranslatedBody {
  ok: true
  id?: string | null
  content: EventContent
  missing?: Missing
  /** Fields without a meaning, for which a sender is refused; a stored event is read without them. */
  unknown?: DataFault[]
}

/** Not an event (400), or an invalid one (422, with the path of every fault). */
export interface RefusedBody {
  ok: false
  kind: 'refused'
  status: 400 | 422
  /** It exceeds a limit. */
  isTooMuch?: boolean
  detail: string
  errors?: DataFault[]
  checkable?: Checkable
}

/** `id`: the event's id in its own body, if it has one. */
export type Translation =
  | TranslatedBody
  | RefusedBody
  /** A known type that needs no message, such as a payment of zero: stored and shown as ignored, with this reason. */
  | { ok: false; kind: 'silent'; id?: string | null; content: EventContent; reason: Reason }
  /** A known type without what a message needs: stored and shown as failed. `content` is what could be read. */
  | { ok: false; kind: 'incomplete'; id?: string | null; content: EventContent; fault: Reason; missing?: Missing }

/** Pure: the same body and enrichment give the same content, on receipt and later from the stored event. */
type TranslateAtOnce = (raw: Buffer, found?: Enrichment | null) => Translation
/** As `TranslateAtOnce`; a source whose bodies may be large translates them in turns of the event loop. */
export type Translate = (...input: Parameters<TranslateAtOnce>) => Translation | Promise<Translation>

export interface Webhooks {
  /** A fault that the headers alone show, so that the body need not be read. `read` must find it too. */
  headFault(headers: Headers, nowMs: number): RefusedWebhook | null
  /** Verifies the raw body, then parses it. */
  read(raw: Buffer, headers: Headers, nowMs: number): ReadWebhook
  /** The headers with which the source would send this event now; absent if its signature cannot be made here. */
  sign?(raw: Buffer, id: string, nowMs: number): Record<string, string>
}

export interface Source {
  name: string
  /** True for an app, to which invalid data is reported (422). A vendor's is stored and shown as failed. */
  reportsFaultsToSender: boolean
  /** Needs no secret, so that stored events can be read after the settings are removed. */
  translate: Translate
  /** Null if no secret is set, and for a source without webhooks. */
  webhooks: Webhooks | null
  /** Null if the source cannot be asked. */
  enrich: Enrich | null
  /** Null if the source has no test mode. */
  testEvents: TestEvents | null
}

/** `webhookSecrets` verify the source's webhooks. */
type SourceSettings = Block & { webhookSecrets: Setting<string[]> }

interface Definition<B extends SourceSettings> {
  /** Used in URLs and rows; in capitals, the prefix of the source's variables. */
  name: string
  /** The header that signs its webhooks. */
  signatureHeader: string
  settings: B
  /** `orderKeys` are the operator's further keys of an order's name in metadata or notes. */
  translate(raw: Buffer, found: Enrichment | null, orderKeys: readonly string[]): Translation
  types?: VendorSource['types']
  ownTypes?: VendorSource['ownTypes']
  webhooks(settings: Values<B>, orderKeys: readonly string[]): Webhooks | null
  enrich?(settings: Values<B>): Enrich | null
  testEvents?(settings: Values<B>): TestEvents
  samples?: VendorSource['samples']
  demo?: Demo
}

interface ConfiguredSource extends Source {
  translate: TranslateAtOnce
}

/** A vendor, whose webhooks are received at `/webhooks/<name>`. */
export interface VendorSource {
  name: string
  /** The description of each variable, for `.env.example`. */
  lines: Record<string, string>
  /** The vendor's types that are read, each with a sample; any other is stored as `ignored`. */
  types: readonly string[]
  /**
   * Our type for each type of the vendor's whose events notify as ours do, though they are stored and shown as
   * `<name>:<vendor's type>`.
   */
  ownTypes: Record<string, string>
  /** The header that signs its webhooks. */
  signatureHeader: string
  /** The variable with the secrets that verify its webhooks. */
  webhookSetting: string
  /** Returns a source even if nothing is set, for stored events. Reports faults to the reader. */
  configure(reader: Reader, orderKeys: readonly string[]): ConfiguredSource
  /** Sample events, by the vendor's own types. */
  samples: Record<string, Sample>
  demo: Demo | null
}

export function defineSource<B extends SourceSettings>(definition: Definition<B>): VendorSource {
  const {
    name,
    signatureHeader,
    settings,
    translate,
    types = [],
    ownTypes = {},
    samples = {},
    demo = null,
  } = definition
  return {
    name,
    signatureHeader,
    lines: Object.fromEntries(Object.values(settings).map((setting) => [setting.name, setting.line])),
    types,
    ownTypes,
    webhookSetting: settings.webhookSecrets.name,
    configure(reader, orderKeys) {
      const values = readBlock(reader, settings)
      const webhooks = values && definition.webhooks(values, orderKeys)
      const enrich = (values && definition.enrich?.(values)) ?? null
      const testEvents = (values && definition.testEvents?.(values)) ?? null
      const ofVendor: TranslateAtOnce = (raw, found) => translate(raw, found ?? null, orderKeys)
      return { name, reportsFaultsToSender: false, translate: ofVendor, webhooks, enrich, testEvents }
    },
    samples,
    demo,
  }
}

/** What the source should be asked for; null if there is nothing. */
export function missingOf(translation: Translation): Missing | null {
  return translation.ok || translation.kind === 'incomplete' ? (translation.missing ?? null) : null
}
