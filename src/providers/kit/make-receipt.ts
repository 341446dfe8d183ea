// Makes every receipt, so that no code or text of a provider is stored or logged before addresses are redacted.
import type { Receipt } from '../../domain/receipt.ts'
import { redact } from '../../privacy/redact.ts'

/** The fields that a reader found in a report; the others are null. */
export type ReceiptFields = Pick<Receipt, 'kind'> & Partial<Receipt>

/** The receipt, with its code and text redacted. */
export function makeReceipt({ code, text, ...fields }: ReceiptFields & Pick<Receipt, 'key'>): Receipt {
  return {
    at: null,
    providerMessageId: null,
    notificationId: null,
    attemptId: null,
    address: null,
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
