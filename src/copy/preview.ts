// Renders a notifier's message with its sample, for previews.
import { renderEmail } from '../../emails/_parts/render.ts'
import { type Published, type WordsUsed, wordsOf } from '../../emails/_parts/words.ts'
import type { Defaults } from '../context.ts'
import type { PersonalChannel } from '../domain/notification.ts'
import { smsText } from '../i18n/sms-text.ts'
import { collected, type Notifier } from '../notifiers/notifier.ts'
import { sampleFormats } from './sample.ts'

export const previewFormats = ['html', 'text', 'sms'] as const
export type PreviewFormat = (typeof previewFormats)[number]

interface PreviewOptions {
  format: PreviewFormat
  /** Default: the sample's own. */
  locale: string | undefined
  /** The texts that replace the built-in ones. */
  published: Published
}

/** A preview has no recipient to unsubscribe. */
const sampleLinks = {
  unsubscribeUrl: 'https://example.com/unsubscribe',
  preferencesUrl: 'https://example.com/preferences',
}

/** Throws if the notifier lacks the format's channel, or the words cannot be rendered. */
export async function previewOf(
  defaults: Defaults,
  notifier: Notifier,
  { format, locale, published }: PreviewOptions,
): Promise<{ content: string; used: WordsUsed }> {
  const about = { locale, channel: channelOf(format) }
  const { locale: known } = sampleFormats(defaults, notifier, about)
  const words = wordsOf(notifier.name, known, defaults.locale, published)
  const formats = sampleFormats(defaults, notifier, { ...about, language: words.lang })
  const { used } = words
  const { data } = notifier.sample
  if (format === 'sms')
    return { content: smsText(defaults.brand.name, notifier.sms(collected(data), formats, words)).text, used }
  const links = notifier.category === 'product' ? sampleLinks : null
  const { html, text } = await renderEmail(notifier.email(collected(data), formats, words, links).element)
  return { content: format === 'html' ? html : text, used }
}

export function channelOf(format: PreviewFormat): PersonalChannel {
  return format === 'sms' ? 'sms' : 'email'
}
