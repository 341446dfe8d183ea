// Composes the message of a notification: the notifier's content, rendered for one recipient on one channel.
import type { UnsubscribeLinks } from '../../emails/_parts/frame.ts'
import { renderEmail } from '../../emails/_parts/render.ts'
import { type Published, wordsOf } from '../../emails/_parts/words.ts'
import type { Ctx } from '../context.ts'
import { isPersonal, type Message, type PersonalChannel } from '../domain/notification.ts'
import { formatsFor } from '../i18n/formats.ts'
import { knownLocale } from '../i18n/intl-cache.ts'
import { smsText } from '../i18n/sms-text.ts'
import { collected } from '../notifiers/notifier.ts'
import type { Copy } from '../store/people/copy.ts'
import type { Candidate } from './candidate.ts'

/** Suppress automatic replies: the first header is RFC 3834's, the second Exchange's. */
const emailHeaders = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' }

/**
 * Answers null, and logs why, where the message cannot be rendered. `copy` holds the texts that operators have published;
 * where they no longer render, the built-in texts are used.
 */
export async function compose(ctx: Ctx, candidate: Candidate, copy: Copy): Promise<Message | null> {
  const { notifier, planned } = candidate
  const { channel } = planned
  if (!isPersonal(channel))
    return { channel, to: planned.to ?? '', app: planned.recipientId ?? '', text: JSON.stringify(candidate.data()) }
  const published = copy(notifier.name)
  const choices = Object.keys(published).length > 0 ? [published, {}] : [{}]
  for (const choice of choices) {
    try {
      return await render(ctx, candidate, channel, choice)
    } catch (error) {
      const fault = error instanceof Error ? error.name : 'unknown'
      const fields = { stage: 'compose', notifier: notifier.name, channel, published: choice === published, fault }
      ctx.log.error(fields, 'rendering failed')
    }
  }
  return null
}

async function render(
  ctx: Ctx,
  { source, notifier, recipient, data, gathered = collected(data()), happenedAt, planned }: Candidate,
  channel: PersonalChannel,
  published: Published,
): Promise<Message> {
  const { brand, emailFrom, emailReplyTo: replyTo, locale: fallbackLocale } = ctx.defaults
  const { locale, timezone } = planned
  const to = planned.to ?? ''
  const name = recipient.name ?? null
  const known = knownLocale(locale, fallbackLocale)
  const words = wordsOf(notifier.name, known, fallbackLocale, published)
  const about = { words: words.used, to }
  const formats = formatsFor({
    ...{ name, locale: known, language: words.lang, fallbackLocale, timezone },
    ...{ brand, replyTo, happenedAt, channel, writtenAt: later(ctx.clock.now(), planned.scheduledFor) },
  })
  if (channel === 'sms') return { channel, ...about, ...smsText(brand.name, notifier.sms(gathered, formats, words)) }
  const links = unsubscribeLinks(ctx, source, planned)
  const { subject, element } = notifier.email(gathered, formats, words, links)
  const { html, text } = await renderEmail(element)
  return {
    channel,
    ...about,
    toName: formats.name,
    from: emailFrom,
    replyTo,
    subject: withoutEncodedWords(subject),
    html,
    text,
    headers: links ? { ...emailHeaders, ...oneClick(links) } : emailHeaders,
  }
}

/** An event's text in a subject must not become another one in a mail program that decodes it (RFC 2047). */
function withoutEncodedWords(subject: string): string {
  return subject.replaceAll('=?', '= ?')
}

function later(now: Date, scheduledFor: Date | null): Date {
  return scheduledFor && scheduledFor > now ? scheduledFor : now
}

/** The unsubscribe and preferences links; null for transactional messages. */
function unsubscribeLinks(
  ctx: Ctx,
  source: string,
  { category, recipientId, to, locale }: Candidate['planned'],
): UnsubscribeLinks | null {
  if (!to || category === 'transactional') return null
  const token = ctx.unsubscribeTokens.seal({
    ...{ recipientId, address: to, channel: 'email', category, locale },
    app: ctx.scopeOf(source),
  })
  const unsubscribeUrl = `${ctx.publicUrl()}/unsubscribe/${token}`
  return { unsubscribeUrl, preferencesUrl: `${unsubscribeUrl}#preferences` }
}

/** One-click unsubscribe by the mail program (RFC 8058). */
function oneClick({ unsubscribeUrl }: UnsubscribeLinks): Record<string, string> {
  return { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
}
