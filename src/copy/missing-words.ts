// Finds the notifiers whose words are not in every language that ships, which nothing else would show before a message goes out.
import { catalogs, type Messages } from '../../emails/_parts/words.ts'
import { notifiers } from '../notifiers/index.ts'

/** A line for each notifier that lacks words, with what its recipients get instead; empty where none lacks any. */
export function missingWords(): string[] {
  return notifiers.flatMap(({ name }) => {
    const english = catalogs.en?.[name] ?? {}
    const lacking = Object.keys(catalogs).filter((language) => !Object.hasOwn(catalogs[language] ?? {}, name))
    const partly = Object.entries(catalogs).flatMap(([language, catalog]) => {
      const keys = lacking.includes(language) ? [] : keysMissing(english, catalog[name] ?? {})
      return keys.length === 0 ? [] : [partlyText(name, language, keys)]
    })
    if (lacking.includes('en'))
      return [`${name} has no words in en (emails/_words/en.json): its messages cannot be rendered.`]
    return [...(lacking.length === 0 ? [] : [wholeText(name, lacking)]), ...partly]
  })
}

function keysMissing(english: Messages, messages: Messages): string[] {
  return Object.keys(english).filter((key) => !Object.hasOwn(messages, key))
}

function wholeText(name: string, languages: string[]): string {
  const files = languages.map((language) => `emails/_words/${language}.json`)
  return `${name} has no words in ${languages.join(' and ')} (${files.join(', ')}): who reads ${languages.join(' or ')} gets English.`
}

function partlyText(name: string, language: string, keys: string[]): string {
  return `${name} lacks ${keys.join(', ')} in emails/_words/${language}.json: messages that need them cannot be rendered in ${language}.`
}
