// Validates an operator's draft of a notifier's texts, each fault with its path.
import { ownLanguage, ownMessages, wordsOf } from '../../emails/_parts/words.ts'
import { eventLoopYielder } from '../clock.ts'
import type { Defaults } from '../context.ts'
import type { DataFault } from '../domain/event.ts'
import type { SmsMessage } from '../domain/notification.ts'
import { beyondGsm7 } from '../i18n/gsm7.ts'
import { maxSegments, wholeSmsText } from '../i18n/sms-text.ts'
import { collected, type Notifier } from '../notifiers/notifier.ts'
import { messageFaults } from './message-faults.ts'
import { sampleFormats, samplesOf } from './sample.ts'

type Messages = Record<string, string>

/** Mail programs show about this much of a subject. */
const maxSubjectLength = 80

/** The built-in messages of a notifier have about 10,000 characters in all. */
const maxDraftLength = 50_000

const maxFaults = 100

/** Empty where these messages may be published for this locale; else the first 100 faults. It yields to the event loop. */
export async function copyFaults(
  defaults: Defaults,
  notifier: Notifier,
  locale: string,
  messages: Messages,
): Promise<DataFault[]> {
  const length = Object.values(messages).reduce((sum, message) => sum + message.length, 0)
  if (length > maxDraftLength)
    return [{ path: 'messages', message: `have ${length} characters in all; at most ${maxDraftLength} are allowed` }]
  const english = ownMessages(notifier.name, 'en')
  const language = ownLanguage(notifier.name, locale)
  const isMissing = (key: string) => language === null && !Object.hasOwn(messages, key)
  const missing = Object.keys(english)
    .filter(isMissing)
    .map((key) =>
      fault(key, `is missing: there are no built-in texts for ${locale}, so a draft must have all messages`),
    )
  const samples = samplesOf(notifier, sampleFormats(defaults, notifier, { locale, channel: 'email' }))
  const faults = missing
  const yieldTurn = eventLoopYielder()
  for (const [key, message] of Object.entries(messages)) {
    if (faults.length >= maxFaults) break
    await yieldTurn()
    const ours = Object.hasOwn(english, key) ? english[key] : undefined
    const texts =
      ours === undefined ? [`is not a message of ${notifier.name}`] : messageFaults(message, ours, samples, locale)
    faults.push(...texts.map((text) => fault(key, text)))
  }
  return faults.length > 0 ? faults.slice(0, maxFaults) : renderedFaults(defaults, notifier, locale, messages)
}

/** The text message rendered with the sample's data, and its segments; null where the notifier has no SMS. */
export function smsTexts(
  defaults: Defaults,
  notifier: Notifier,
  locale: string,
  messages: Messages,
): Omit<SmsMessage, 'channel' | 'words' | 'to'> | null {
  if (!notifier.channels.includes('sms')) return null
  const formats = sampleFormats(defaults, notifier, { locale, channel: 'sms' })
  const words = wordsOf(notifier.name, locale, defaults.locale, { [locale]: { version: 0, messages } })
  return wholeSmsText(defaults.brand.name, notifier.sms(collected(notifier.sample.data), formats, words).words)
}

function renderedFaults(defaults: Defaults, notifier: Notifier, locale: string, messages: Messages): DataFault[] {
  const formats = sampleFormats(defaults, notifier, { locale, channel: 'email' })
  const words = wordsOf(notifier.name, locale, defaults.locale, { [locale]: { version: 0, messages } })
  const t = words.with(notifier.values(collected(notifier.sample.data), formats))
  const faults: DataFault[] = []
  if (Object.hasOwn(messages, 'subject') && t.text('subject').length > maxSubjectLength)
    faults.push(fault('subject', `must not be longer than ${maxSubjectLength} characters with the sample’s data`))
  if (Object.hasOwn(messages, 'sms')) faults.push(...smsFaults(defaults, notifier, locale, messages))
  return faults
}

/**
 * A Latin script may take one segment of GSM-7, or what the built-in text takes (the brand's name precedes both). The segments of
 * other scripts hold fewer characters, so they may take as many as an SMS may have.
 */
function smsFaults(defaults: Defaults, notifier: Notifier, locale: string, messages: Messages): DataFault[] {
  const theirs = smsTexts(defaults, notifier, locale, messages)
  const ours = smsTexts(defaults, notifier, ownLanguage(notifier.name, locale) ?? 'en', {})
  if (!theirs || !ours) return []
  const isLatin = new Intl.Locale(locale).maximize().script === 'Latn'
  const limit = Math.max(isLatin ? 1 : maxSegments, ours.segments)
  if (isLatin && theirs.encoding !== 'GSM-7' && ours.encoding === 'GSM-7') {
    return [fault('sms', `has characters outside GSM-7, which make it cost more: ${beyondGsm7(theirs.text).join(' ')}`)]
  }
  return theirs.segments > limit
    ? [fault('sms', `takes ${theirs.segments} segments with the sample’s data; at most ${limit} are allowed`)]
    : []
}

function fault(key: string, message: string): DataFault {
  return { path: `messages.${key}`, message }
}
