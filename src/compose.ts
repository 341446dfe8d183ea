// The words of a notification: what its notifier says to this person on this channel, frozen as a message.
// plan.ts composes what it makes; retry.ts and replay.ts what was never composed because it came too late.
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
export async function compose(ctx: Ctx, { notifier, recipient, data, planned }: Prospect): Promise<Message | null> {
  const { brand, emailFrom, emailReplyTo } = ctx.defaults
  const { channel, locale, timezone } = planned
  const to = planned.to ?? ''
  if (!isPersonal(channel)) return { channel, to, app: planned.recipientKey, text: JSON.stringify(data) }
  const name = recipient.name ?? null
  const voice = voiceFor({ name, locale, timezone, brand, replyTo: emailReplyTo, channel })
  const words = wordsOf(notifier.name, voice.locale, ctx.defaults.locale)
  try {
    if (channel === 'sms') return { channel, to, ...smsText(brand.name, notifier.sms(data, voice, words)) }
    const { subject, element } = notifier.email(data, voice, words, null)
    const { html, text } = await renderEmail(element)
    return {
      channel,
      to,
      toName: name,
      from: emailFrom,
      replyTo: emailReplyTo,
      subject,
      html,
      text,
      headers: emailHeaders,
    }
  } catch (error) {
    const fault = error instanceof Error ? error.name : 'unknown'
    ctx.log.error({ stage: 'compose', notifier: notifier.name, channel, fault }, 'a message could not be rendered')
    return null
  }
}
