// Makes every receipt, so that no code or text of a provider is stored or logged before addresses are redacted.
import type { Receipt } from '../../domain/receipt.ts'
import { redact } from '../../privacy/redact.ts'

/** The fields that a reader found in a report; the others are null. */
export type ReceiptFields = Pick<Receipt, 'kind'> & Partial<Receipt>

/** The receipts of a report's items, each read once it is asked for: a report may have thousands, and each takes its time. */
export function* receiptsOf<Item>(items: Iterable<Item>, read: (item: Item) => Receipt | null): Generator<Receipt> {
  for (const item of items) {
    const receipt = read(item)
    if (receipt) yield receipt
  }
}

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
