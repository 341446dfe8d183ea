// Maps an SMTP server's reply or failure to an outcome, by the codes of RFC 5321 and the enhanced codes of RFC 3463.
import type { NodemailerError, SMTPPoolSentMessageInfo } from 'nodemailer'
import type { Outcome } from '../../domain/attempt.ts'
import { isMailboxFault } from '../kit/mailbox-fault.ts'

/** The outcome of a completed session. Each message has one recipient, who may have been refused. */
export function smtpAccepted(info: SMTPPoolSentMessageInfo): Outcome {
  const refusal = info.rejectedErrors?.[0]
  if (refusal && info.accepted.length === 0) return smtpFailed(refusal, false)
  // `250 2.0.0 Ok: queued as 4XyZ`: the id in the server's log.
  const details = info.response.replace(/^250[ -](\d\.\d\.\d )?/, '')
  const queueId = /queued as ([\w.-]+)/i.exec(details)?.[1] ?? info.serverMessageId
  return { kind: 'accepted', ref: queueId ?? info.messageId, statusCode: 250, text: details }
}

/** The outcome of an error. `complete`: the final dot may have been sent. */
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

/** Errors of the login or the settings, which concern every message until an operator fixes them. */
const configurationErrors = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2', 'ECONFIG', 'EREQUIRETLS', 'EPROXY'])

function refused(error: NodemailerError, statusCode: number, afterDot: boolean, text: string): Outcome {
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})(?!\d)/.exec(error.response ?? '')?.[1]
  const details = { code: enhanced ?? String(statusCode), statusCode, text }
  const aboutRecipient = afterDot || error.command === 'RCPT TO'
  const provider: Outcome = { kind: 'rejected', blame: 'provider', ...details }
  const message: Outcome = { kind: 'rejected', blame: 'message', ...details }
  const rejectsAll: Outcome = { ...provider, everyMessage: true }
  const isDead = () => aboutRecipient && isMailboxFault({ vendorClass: 'unclear', texts: [error.response ?? null] })
  const dead: Outcome = { kind: 'rejected', blame: 'message', suppress: 'invalid_address', ...details }
  const mailboxDeferred: Outcome = { kind: 'deferred', messageOnly: true, ...details }
  if (statusCode < 500) {
    if (isThrottle(error, enhanced)) return { kind: 'deferred', throttled: true, ...details }
    return isAboutMailbox(error, statusCode, enhanced) ? mailboxDeferred : { kind: 'deferred', ...details }
  }
  // A refusal before the envelope (greeting, EHLO, login) concerns our account.
  if (error.code !== 'EENVELOPE' && error.code !== 'EMESSAGE') return { ...provider, account: true } as Outcome
  // 503: commands out of sequence.
  if (statusCode === 503) return { kind: 'deferred', ...details }
  if (tooLarge.has(enhanced ?? '')) return message
  if (enhanced && !/^5\.0\./.test(enhanced)) {
    if (!aboutRecipient) return rejectsAll
    if (isDead()) return dead
    // Some servers answer a full mailbox with a permanent code.
    if (enhanced === '5.2.2') return mailboxDeferred
    // 5.1 and 5.2 concern the mailbox and 5.6 the content. 5.1.7 and 5.1.8 concern the sender; 5.4 (network), 5.5 (session)
    // and 5.7 (policy) concern the two servers.
    if (/^5\.[126]\./.test(enhanced) && enhanced !== '5.1.7' && enhanced !== '5.1.8') return message
    return isAboutSender(error, statusCode) ? rejectsAll : provider
  }
  if (statusCode === 552) return aboutRecipient && !afterDot ? mailboxDeferred : message
  // A 550 may be a policy or a missing mailbox, which only its words can say.
  if (isDead()) return dead
  if (afterDot || (aboutRecipient && [550, 551, 553].includes(statusCode))) return message
  return aboutRecipient && !isAboutSender(error, statusCode) ? provider : rejectsAll
}

/** A refusal of one recipient that concerns them all: we may not relay through this server, or must log in. */
function isAboutSender({ response = '' }: NodemailerError, statusCode: number): boolean {
  return statusCode === 530 || /relay(ing)? (access )?(denied|not (permitted|allowed))|unable to relay/i.test(response)
}

/** We send too fast (`454 Throttling failure`). Daily quotas and mailbox limits (4.2) are not throttling. */
function isThrottle({ response = '' }: NodemailerError, enhanced: string | undefined): boolean {
  const tooFast =
    /throttl|rate (limit|exceeded)|sending rate|too many (concurrent|connections|messages|e?mails|requests)/i
  return tooFast.test(response) && !/daily|quota/i.test(response) && !enhanced?.startsWith('4.2.')
}

/**
 * Greylisting and full or busy mailboxes: a refusal of the recipient, or a code of the mailbox (4.2) or the content
 * (4.6) after the message. 421 and 4.3 concern the server.
 */
function isAboutMailbox(error: NodemailerError, statusCode: number, enhanced = ''): boolean {
  if (statusCode === 421) return false
  return error.command === 'RCPT TO' ? !enhanced.startsWith('4.3.') : /^4\.[26]\./.test(enhanced)
}

const tooLarge = new Set(['5.2.3', '5.3.4'])
