// What providers and recipients report, as texts.
import type { Keyword } from '../domain/keyword.ts'
import type { ReceiptKind } from '../domain/receipt.ts'

export const replies: Record<Keyword, [string, string]> = {
  stop: ['The recipient replied STOP.', 'No text message goes to this number until a START.'],
  start: ['The recipient replied START.', 'An earlier STOP no longer counts.'],
  help: ['The recipient replied HELP.', 'The provider answers it.'],
}

/** No sentence claims more than the receipt shows: a delivered message may be unread, an unopened one may be read. */
export const reports: Record<ReceiptKind, string> = {
  taken: 'confirmed that it has the message.',
  'not-sent': 'reported that it did not send the message.',
  delivered: 'reported that the message was delivered.',
  undelivered: 'reported that the message was not delivered.',
  delayed: 'reported a delay and keeps trying.',
  opened: 'reported that the message was probably opened.',
  clicked: 'reported that a link in the message was followed.',
  scanned: 'reported that a program, such as a mail filter, opened the message or followed a link.',
  complained: 'reported that the recipient marked the message as spam.',
  unsubscribed: 'reported that the recipient unsubscribed.',
  resubscribed: 'reported that the recipient subscribed again.',
  listed: 'put the address on its own suppression list.',
}
