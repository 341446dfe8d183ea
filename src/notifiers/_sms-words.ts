// Writes the words of an SMS, and finds the link in them that they can do without, and their values.
import type { Values, Words } from '../../emails/_parts/words.ts'
import type { SmsWords } from '../i18n/sms-text.ts'
import { asciiLink } from '../wire/link.ts'

/** The variable of a link, such as `payUrl`. */
const isLinkName = (name: string) => /url$/i.test(name)

/** `isOptional` says whether the message can be written without this variable. */
export function smsWordsOf(values: Values, words: Words, isOptional: (name: string) => boolean): SmsWords {
  const safe = Object.entries(values).map(([name, value]): [string, Values[string]] => [
    name,
    isLinkName(name) && typeof value === 'string' ? asciiLink(value) : value,
  ])
  const written = (known: Values) => words.with(known).text('sms')
  const text = written(Object.fromEntries(safe))
  const link = safe.find(([name, url]) => isLinkName(name) && url && text.includes(String(url)) && isOptional(name))
  const kept = Object.fromEntries(link ? [...safe, [link[0], null]] : safe)
  const wordsFrom = (change: (value: string) => string) =>
    written(
      Object.fromEntries(
        Object.entries(kept).map(([name, value]) => [
          name,
          typeof value === 'string' && !isLinkName(name) ? change(value) : value,
        ]),
      ),
    )
  if (!link) return { words: text, wordsFrom }
  return { words: text, link: { url: String(link[1]), wordsWithout: () => written(kept) }, wordsFrom }
}
