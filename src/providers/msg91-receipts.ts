// MSG91's delivery reports: version 2 (a form whose field `data` is a JSON list), version 3 and the newer flat ones
// (JSON). Version 4 names no request and is of no use. The attempt's id comes back as CRQID, `0` where none was given.
import type { Receipt } from '../receipt.ts'
import { field } from './answer.ts'
import { bodyOf, digest, jsonOf, textOf, unreadable, uuidOf } from './callback-body.ts'
import { makeReceipt } from './make-receipt.ts'
import type { ReceiptReader } from './receipts.ts'
import { kindOfWords, tokenFault } from './status-words.ts'

export function msg91Receipts(token: string): ReceiptReader {
  return {
    provider: 'msg91',
    read(callback) {
      const fault = tokenFault(callback, token)
      if (fault) return fault
      const reports = reportsOf(bodyOf(callback)).filter(({ requestId, attemptId }) => requestId || attemptId)
      if (reports.length === 0)
        return unreadable('There is no report with a `requestId`; choose version 2 or 3 of the webhook at MSG91.')
      return { ok: true, receipts: reports.flatMap((report) => receiptOf(report) ?? []) }
    },
  }
}

interface Report {
  requestId: string | null
  attemptId: string | null
  report: unknown
}

function reportsOf(body: unknown): Report[] {
  const data = field(body, 'data')
  const inner = typeof data === 'string' ? jsonOf(Buffer.from(data)) : data
  const requests = [body, inner].find(Array.isArray) ?? [body]
  return requests.flatMap((request: unknown) => {
    const requestId = textOf(field(request, 'requestId'))
    const reports = field(request, 'report')
    return (Array.isArray(reports) ? reports : [request]).map((report: unknown) => ({
      requestId,
      attemptId: uuidOf(field(report, 'CRQID')),
      report,
    }))
  })
}

function receiptOf({ requestId, attemptId, report }: Report): Receipt | null {
  const text = (name: string) => textOf(field(report, name))
  const status = text('status')
  const desc = text('desc') ?? text('description')
  const kind = kindOfWords(desc ?? '') ?? kindOfWords(status ?? '') ?? kindOfNumber(status)
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
    // `date` names no zone.
    providerMessageId: requestId,
    attemptId,
    code: status,
    text: [desc, text('failedReason') ?? text('failureReason')].filter(Boolean).join(': '),
  })
}

/** Where no words came: 2 failed, 9 on the do-not-call register, 16 and 25 rejected, 17 blocked. */
function kindOfNumber(status: string | null): Receipt['kind'] | null {
  if (status === '1') return 'delivered'
  return ['2', '9', '16', '17', '25'].includes(status ?? '') ? 'undelivered' : null
}
