// The contract of what providers call us with: how receipts, and texts that people sent, are verified and read.
import type { Receipt } from '../domain/receipt.ts'

/** What is known of a report before its body is read. */
export interface ReportHead {
  /** Header names in lower case. */
  headers: Record<string, string | string[] | undefined>
  query: URLSearchParams
  nowMs: number
}

/** A provider's report: a request with receipts, as it came in. */
export interface Report extends ReportHead {
  raw: Buffer
  /** The URL that the provider was given: PUBLIC_URL with this path and query. */
  url: string
}

/** 401: not from this provider. 400: signed well, but unreadable. */
export interface Refusal {
  ok: false
  status: 400 | 401
  detail: string
}

export type ReadReport =
  | {
      ok: true
      receipts: Receipt[]
      /**
       * A token that may be used once: the caller refuses the report where it was seen before. It must be remembered for
       * as long as the reader takes its timestamp: 12 hours.
       */
      once?: string
    }
  | Refusal

interface HeadReader {
  /** What the head alone shows to be wrong, so that the body need not be read; `read` must find it too. */
  headFault?(head: ReportHead): Refusal | null
}

export interface ReceiptReader extends HeadReader {
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

export type ReadInbound = { ok: true; text: InboundText } | Refusal

export interface InboundReader extends HeadReader {
  read(report: Report): ReadInbound
}
