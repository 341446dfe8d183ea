// From what an SMTP server said, or did not say, to an outcome. Reply codes are RFC 5321's, the
// enhanced ones RFC 3463's. `complete`: the final dot may have been sent.
import type { NodemailerError, SMTPPoolSentMessageInfo } from 'nodemailer'
import type { Outcome } from '../../domain/attempt.ts'

/** The server took the message, if it took it for anybody: one recipient is sent at a time. */
export function smtpAccepted(info: SMTPPoolSentMessageInfo): Outcome {
  const refusal = info.rejectedErrors?.[0]
  if (refusal && info.accepted.length === 0) return smtpFailed(refusal, false)
  // `250 2.0.0 Ok: queued as 4XyZ`: the words after the codes are how the server's log names it.
  const details = info.response.replace(/^250[ -](\d\.\d\.\d )?/, '')
  const queueId = /queued as ([\w.-]+)/i.exec(details)?.[1] ?? info.serverMessageId
  return { kind: 'accepted', ref: queueId ?? info.messageId, statusCode: 250, text: details }
}

export function smtpFailed(error: NodemailerError, complete: boolean): Outcome {
  const code = error.code ?? 'smtp_error'
  const statusCode = error.responseCode
  const text = `The SMTP server: ${error.message}`
  const afterDot = complete && code === 'EMESSAGE'
  if (statusCode && statusCode >= 400 && (afterDot || !complete)) return refused(error, statusCode, afterDot, text)
  if (code === 'EMESSAGE' && error.command === 'MAIL FROM')
    return { kind: 'rejected', blame: 'message', code: 'too_large', text }
  if (configurationErrors.has(code)) return { kind: 'rejected', blame: 'provider', account: true, code, text }
  if (!complete && code === 'EENVELOPE') return { kind: 'rejected', blame: 'message', code: 'bad_envelope', text }
  const why = error.timeoutType ?? error.originalCode ?? code
  if (complete) return { kind: 'unknown', code: why, text: `${text} (after the whole message was sent)`, statusCode }
  return { kind: 'deferred', code: why, text }
}

/** Logins and settings: no message can pass before somebody mends them. */
const configurationErrors = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2', 'ECONFIG', 'EREQUIRETLS', 'EPROXY'])

function refused(error: NodemailerError, statusCode: number, afterDot: boolean, text: string): Outcome {
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})(?!\d)/.exec(error.response ?? '')?.[1]
  const details = { code: enhanced ?? String(statusCode), statusCode, text }
  const aboutRecipient = afterDot || error.command === 'RCPT TO'
  const provider: Outcome = { kind: 'rejected', blame: 'provider', ...details }
  const message: Outcome = { kind: 'rejected', blame: 'message', ...details }
  const rejectsAll: Outcome = { ...provider, everyMessage: true }
  const mailboxDeferred: Outcome = { kind: 'deferred', onlyThis: true, ...details }
  if (statusCode < 500) {
    if (isThrottle(error, enhanced)) return { kind: 'deferred', throttled: true, ...details }
    return isAboutMailbox(error, statusCode, enhanced) ? mailboxDeferred : { kind: 'deferred', ...details }
  }
  // Before the envelope (greeting, EHLO, login) it is about us; so is 503, a session in disorder.
  if (error.code !== 'EENVELOPE' && error.code !== 'EMESSAGE') return { ...provider, account: true } as Outcome
  if (statusCode === 503) return { kind: 'deferred', ...details }
  if (tooLarge.has(enhanced ?? '')) return message
  if (enhanced && !/^5\.0\./.test(enhanced)) {
    if (!aboutRecipient) return rejectsAll
    if (noSuchAddress.has(enhanced))
      return { kind: 'rejected', blame: 'message', suppress: 'invalid_address', ...details }
    // A full mailbox is refused for good by some servers, and empty tomorrow.
    if (enhanced === '5.2.2') return mailboxDeferred
    // 5.1 and 5.2 are about the mailbox, 5.6 about the content. 5.1.7 and 5.1.8 are about the sender, and
    // policy (5.7), the network (5.4) and the session (5.5) are about the two servers.
    if (/^5\.[126]\./.test(enhanced) && enhanced !== '5.1.7' && enhanced !== '5.1.8') return message
    return isAboutSender(error, statusCode) ? rejectsAll : provider
  }
  if (statusCode === 552) return aboutRecipient && !afterDot ? mailboxDeferred : message
  // Without an enhanced code a 550 may be a policy as well as a mailbox: refused, but no address is suppressed for it.
  if (afterDot || (aboutRecipient && [550, 551, 553].includes(statusCode))) return message
  return aboutRecipient && !isAboutSender(error, statusCode) ? provider : rejectsAll
}

/** Said of one recipient, and meant for all: we may not send by this server, or not without a login. */
function isAboutSender({ response = '' }: NodemailerError, statusCode: number): boolean {
  return statusCode === 530 || /relay(ing)? (access )?(denied|not (permitted|allowed))|unable to relay/i.test(response)
}

/** We send faster than the server wants (`454 Throttling failure`); no quota of a day, and not what 4.2 says of one mailbox. */
function isThrottle({ response = '' }: NodemailerError, enhanced: string | undefined): boolean {
  const tooFast =
    /throttl|rate (limit|exceeded)|sending rate|too many (concurrent|connections|messages|e?mails|requests)/i
  return tooFast.test(response) && !/daily|quota/i.test(response) && !enhanced?.startsWith('4.2.')
}

/**
 * Greylisting and mailboxes that are full or busy, said of one recipient, or by their codes after the message (4.2 of the
 * mailbox, 4.6 of the content); 421 and 4.3 are the server's own trouble.
 */
function isAboutMailbox(error: NodemailerError, statusCode: number, enhanced = ''): boolean {
  if (statusCode === 421) return false
  return error.command === 'RCPT TO' ? !enhanced.startsWith('4.3.') : /^4\.[26]\./.test(enhanced)
}

const tooLarge = new Set(['5.2.3', '5.3.4'])
/** No such mailbox, no such domain, bad syntax, moved away, and a domain that says it takes no mail. */
const noSuchAddress = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10'])
