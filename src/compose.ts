// The words of a notification: what its notifier says to this person on this channel, frozen as a message.
// drafts.ts composes what is planned; retry.ts and replay.ts what was never composed because it came too late.
// What a person may leave says how; http/unsubscribe.ts is where its links lead.
import type { Leave } from '../emails/_parts/frame.ts'
import { renderEmail } from '../emails/_parts/render.ts'
import { wordsOf } from '../emails/_parts/words.ts'
import type { Ctx } from './ctx.ts'
import { isPersonal, type Message } from './notification.ts'
import type { Prospect } from './prospects.ts'
import { smsText } from './sms-text.ts'
import { voiceFor } from './voice.ts'

/** Tells mail programs that nobody sits at the other end (RFC 3834; the second is Exchange's). */
const emailHeaders = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' }

/** Null where it cannot be rendered: our fault or the data's, told in the log. */
export async function compose(
  ctx: Ctx,
  { notifier, recipient, data, happenedAt, planned }: Prospect,
): Promise<Message | null> {
  const { brand, emailFrom, emailReplyTo: replyTo, locale: fallbackLocale } = ctx.defaults
  const { channel, locale, timezone } = planned
  const to = planned.to ?? ''
  if (!isPersonal(channel)) return { channel, to, app: planned.recipientKey, text: JSON.stringify(data) }
  const name = recipient.name ?? null
  const voice = voiceFor({ name, locale, fallbackLocale, timezone, brand, replyTo, happenedAt, channel })
  const words = wordsOf(notifier.name, voice.locale, fallbackLocale)
  try {
    if (channel === 'sms') return { channel, to, ...smsText(brand.name, notifier.sms(data, voice, words)) }
    const leave = leaveOf(ctx, planned)
    const { subject, element } = notifier.email(data, voice, words, leave)
    const { html, text } = await renderEmail(element)
    return {
      channel,
      to,
      toName: name,
      from: emailFrom,
      replyTo,
      subject,
      html,
      text,
      headers: leave ? { ...emailHeaders, ...oneClick(leave) } : emailHeaders,
    }
  } catch (error) {
    const fault = error instanceof Error ? error.name : 'unknown'
    ctx.log.error({ stage: 'compose', notifier: notifier.name, channel, fault }, 'a message could not be rendered')
    return null
  }
}

/** Where this person says that they want no more of these emails, or fewer; null for what is always sent. */
function leaveOf(ctx: Ctx, { category, recipientId, to, locale }: Prospect['planned']): Leave | null {
  if (!to || category === 'transactional') return null
  const token = ctx.unsubscribeTokens.seal({ recipientId, address: to, channel: 'email', category, locale })
  const unsubscribeUrl = `${ctx.publicUrl()}/unsubscribe/${token}`
  return { unsubscribeUrl, preferencesUrl: `${unsubscribeUrl}#preferences` }
}

/** For the mail program's own button (RFC 8058). */
function oneClick({ unsubscribeUrl }: Leave): Record<string, string> {
  return { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
}
