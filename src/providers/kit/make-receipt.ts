// Every receipt is made here: the one place where what a provider says about a message loses its addresses, before a row
// or a log can see it.
import type { Receipt } from '../../domain/receipt.ts'
import { redact } from '../../privacy/redact.ts'

/** What a reader has understood; the rest is null. */
export type ReceiptFields = Pick<Receipt, 'kind'> & Partial<Receipt>

/** The receipt, its code and words fit to be kept and shown. */
export function makeReceipt({ code, text, ...fields }: ReceiptFields & Pick<Receipt, 'key'>): Receipt {
  return {
    at: null,
    providerMessageId: null,
    notificationId: null,
    attemptId: null,
    suppress: null,
    ...fields,
    code:
      (code &&
        redact(code)
          .replace(/[^\w.-]/g, '')
          .slice(0, 64)) ||
      null,
    text: (text && redact(text)) || null,
  }
}
