// Reads MSG91's delivery reports.
import type { Receipt } from '../../domain/receipt.ts'
import { uuidOf } from '../../domain/uuid.ts'
import { field, parseVendorJson } from '../../wire/json.ts'
import { makeReceipt, receiptsOf } from '../kit/make-receipt.ts'
import { bodyOf, digest, lineOf, unreadable } from '../kit/report-body.ts'
import { kindOfText, tokenReader } from '../kit/token-reports.ts'
import type { ReceiptReader } from '../receipt-reader.ts'

/**
 * Reads version 2 (a form whose field `data` is a JSON list), version 3 and the newer flat reports (JSON). Version 4 has no
 * request id and cannot be matched. CRQID is the attempt's id, or `0` if none was sent.
 */
export function msg91Receipts(token: string): ReceiptReader {
  return tokenReader(token, (report) => {
    const items = itemsOf(bodyOf(report)).filter(({ requestId, attemptId }) => requestId || attemptId)
    if (items.length === 0)
      return unreadable('No report has a `requestId`. Choose version 2 or 3 of the webhook at MSG91.')
    return { ok: true, receipts: receiptsOf(items, receiptOf) }
  })
}

interface Item {
  requestId: string | null
  attemptId: string | null
  item: unknown
}

function itemsOf(body: unknown): Item[] {
  const data = field(body, 'data')
  const inner = typeof data === 'string' ? parseVendorJson(Buffer.from(data)) : data
  const requests = [body, inner].find(Array.isArray) ?? [body]
  return requests.flatMap((request: unknown) => {
    const requestId = lineOf(field(request, 'requestId'))
    const items = field(request, 'report')
    return (Array.isArray(items) ? items : [request]).map((item: unknown) => ({
      requestId,
      attemptId: uuidOf(field(item, 'CRQID')),
      item,
    }))
  })
}

function receiptOf({ requestId, attemptId, item }: Item): Receipt | null {
  const text = (name: string) => lineOf(field(item, name))
  const status = text('status')
  const desc = text('desc') ?? text('description')
  const kind = kindOfText(desc ?? '') ?? kindOfText(status ?? '') ?? kindOfNumber(status)
  if (!kind) return null
  return makeReceipt({
    key: digest(
      requestId ?? attemptId,
      text('number') ?? text('telNum'),
      status,
      desc,
      text('date') ?? text('deliveryTime'),
    ),
    kind,
    // No `at`: the report's `date` has no zone.
    providerMessageId: requestId,
    attemptId,
    code: status,
    text: [desc, text('failedReason') ?? text('failureReason')].filter(Boolean).join(': '),
  })
}

/** For reports without a text: 2 failed, 9 on the do-not-call register, 16 and 25 rejected, 17 blocked. */
function kindOfNumber(status: string | null): Receipt['kind'] | null {
  if (status === '1') return 'delivered'
  return ['2', '9', '16', '17', '25'].includes(status ?? '') ? 'undelivered' : null
}
