// The contract of what a vendor can be asked about our account, and of registering our receipt webhook there.

/** What a check has found. `ok` is null where it was not asked, and the text says why. */
export interface Finding {
  what: string
  ok: boolean | null
  text: string
  /** With `ok` null: it was asked, and the answer says neither yes nor no; or a person should look at it. */
  warn?: true
  /** What to do; on each finding that is not ok. */
  fix?: string
}

/** A record that the sender's domain needs, as the vendor lists it. */
export interface DnsRecord {
  purpose: 'SPF' | 'DKIM'
  type: 'TXT' | 'CNAME'
  host: string
  value: string
}

export interface Inspection {
  findings: Finding[]
  records: DnsRecord[]
}

export interface AccountAsk {
  /** The domain of EMAIL_FROM; null without one. */
  senderDomain: string | null
  /** Where the vendor is to post receipts; null if it cannot reach us. */
  receiptsUrl: string | null
}

/** `secret` verifies the receipts; null if the setting that the sender uses does. */
export type Connected =
  | { ok: true; text: string; changed: boolean; secret: string | null }
  | { ok: false; text: string; fix: string }

export interface Account {
  /** Asks for the key, the sender and the webhook. Changes and sends nothing. Never throws for a failure of the vendor. */
  inspect(ask: AccountAsk): Promise<Inspection>
  /** Registers the webhook if it is not there; called again, it changes nothing. Absent if the vendor's API cannot. */
  connect?(receiptsUrl: string): Promise<Connected>
  /** An address at the vendor that takes a test message and reports it delivered. */
  canary?: string
}
