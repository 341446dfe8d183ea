// The contract of a provider's receipts: how its reports are verified and read. http/receipts.ts asks it;
// what it reads goes to record.ts. Each vendor's reader stands beside its sender, `<vendor>-receipts.ts`.
import type { Receipt } from '../domain/receipt.ts'

/** A provider's report: a request with receipts, as it came in. */
export interface Report {
  raw: Buffer
  /** Header names in lower case. */
  headers: Record<string, string | string[] | undefined>
  query: URLSearchParams
  /** The URL that the provider was given: PUBLIC_URL with this path and query. */
  url: string
  nowMs: number
}

export type ReadReport =
  | {
      ok: true
      receipts: Receipt[]
      /**
       * A token that may be used once (Mailgun): the caller refuses the report where it was seen before. It must be
       * remembered for as long as the reader takes its timestamp: 12 hours.
       */
      once?: string
    }
  /** 401: not from this provider. 400: signed well, but unreadable. */
  | { ok: false; status: 400 | 401; detail: string }

export interface ReceiptReader {
  provider: string
  read(report: Report): ReadReport
}

/** A text that came in by the provider: STOP, START, HELP, or anything else. */
export interface InboundText {
  /** The same text, told again, has the same key. */
  key: string
  /** Who wrote: E.164, or a short code or a name, which has no keyword. */
  from: string
  /** Whole-message keywords only: "stop by the shop" is no opt-out. */
  keyword: 'stop' | 'start' | 'help' | null
}

export type ReadInbound = { ok: true; text: InboundText } | { ok: false; status: 400 | 401; detail: string }

export interface InboundReader {
  provider: string
  read(report: Report): ReadInbound
}
