// The contract of the readers that verify and read providers' reports: receipts and inbound SMS.
import type { Keyword } from '../domain/keyword.ts'
import type { Receipt } from '../domain/receipt.ts'

/** The part of a report that is known before its body is read. */
export interface ReportHead {
  /** Header names in lower case. */
  headers: Record<string, string | string[] | undefined>
  query: URLSearchParams
  nowMs: number
}

/** A request from a provider, with receipts or an inbound SMS. */
export interface Report extends ReportHead {
  raw: Buffer
  /** The URL that the provider called: PUBLIC_URL with the request's path and query. */
  url: string
}

/** 401: not from this provider. 400: verified, but unreadable. */
export interface Refusal {
  ok: false
  status: 400 | 401
  detail: string
}

export type ReadReport =
  | {
      ok: true
      /** Can be read once. Each takes its time, so take them in turns of the event loop. */
      receipts: Iterable<Receipt>
      /** A single-use token: a report with a token seen in the last 12 hours must be refused. */
      once?: string
    }
  | Refusal

interface HeadReader {
  /** A fault that the head alone shows, so that the body need not be read. `read` must find it too. */
  headFault?(head: ReportHead): Refusal | null
}

export interface ReceiptReader extends HeadReader {
  read(report: Report): ReadReport
}

/** An SMS that a person sent to us. */
export interface InboundText {
  /** Deduplicates reports of the same SMS. */
  key: string
  /** In E.164, or a short code or a name, which has no keyword. */
  from: string
  keyword: Keyword | null
}

export type ReadInbound = { ok: true; text: InboundText } | Refusal

export interface InboundReader extends HeadReader {
  read(report: Report): ReadInbound
}
