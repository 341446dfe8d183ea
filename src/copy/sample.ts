// Builds the values of a notifier's sample, for previews and for drafts, which must also render for sparser data.
import { z } from 'zod'
import type { Values } from '../../emails/_parts/words.ts'
import type { Defaults } from '../context.ts'
import type { PersonalChannel } from '../domain/notification.ts'
import { type Formats, formatsFor } from '../i18n/formats.ts'
import { collected, type Notifier } from '../notifiers/notifier.ts'

interface SampleFormatsOptions {
  /** Default: the sample's own. */
  locale: string | undefined
  channel: PersonalChannel
  /** The language of the words. Default: the locale's. */
  language?: string
}

/** The formats for the sample's recipient, in this locale. */
export function sampleFormats(
  { brand, emailReplyTo: replyTo, locale: fallbackLocale, ...defaults }: Defaults,
  { sample }: Notifier,
  { locale, channel, language }: SampleFormatsOptions,
): Formats {
  const { recipient, timestamp: happenedAt = null } = sample
  return formatsFor({
    name: recipient.name ?? null,
    locale: locale ?? recipient.locale ?? fallbackLocale,
    language,
    fallbackLocale,
    timezone: recipient.timezone ?? defaults.timezone,
    brand,
    replyTo,
    happenedAt,
    channel,
  })
}

/** The values of the full sample, then without the name, without each optional field, and without all of these. */
export function samplesOf(notifier: Notifier, formats: Formats): [Values, ...Values[]] {
  const { data } = notifier.sample
  const nameless = { ...formats, name: null }
  const optional = optionalFields(notifier)
  const without = (fields: string[]) =>
    Object.fromEntries(Object.entries(data).filter(([key]) => !fields.includes(key)))
  return [
    notifier.values(collected(data), formats),
    notifier.values(collected(data), nameless),
    ...optional.map((field) => notifier.values(collected(without([field])), formats)),
    notifier.values(collected(without(optional)), nameless),
  ]
}

/** The optional fields among those of its sample. */
function optionalFields({ schema, sample }: Notifier): string[] {
  const { required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return Object.keys(sample.data).filter((field) => !required.includes(field))
}
