// What every email is told about its surroundings: whose brand, whose words, which person.
// The notifiers make it (src/notifiers/notifier.ts); layout.tsx draws it.
import { type Say, type Values, wordsOf } from './words.ts'

export interface Brand {
  name: string
  /** `#rrggbb`, used as a fill only. */
  color: string
  logoUrl: string | null
  address: string | null
}

/** Where a person says that they want no more of these, or fewer. */
export interface Leave {
  unsubscribeUrl: string
  preferencesUrl: string
}

export interface Frame {
  brand: Brand
  /** The language of the words: a screen reader takes its voice from it. */
  lang: string
  dir: 'ltr' | 'rtl'
  say: Say
  /** Whether somebody reads replies. */
  repliesRead: boolean
  /** Null for what is always sent. */
  leave: Leave | null
}

const previewBrand: Brand = {
  name: 'Fernwood Supply',
  color: '#1d5b45',
  logoUrl: null,
  address: 'Fernwood Supply Ltd, 14 Mill Lane, Bristol BS1 5TR, United Kingdom',
}

/** For previews of mail that people can leave. */
export const previewLeave: Leave = {
  unsubscribeUrl: 'https://fernwood.example/unsubscribe/t0k3n',
  preferencesUrl: 'https://fernwood.example/unsubscribe/t0k3n#all',
}

/** The surroundings of a preview, in English: what `email dev` shows of the notifier. */
export function previewFrame(notifier: string, values: Values, leave: Leave | null = null): Frame {
  const { lang, dir, with: speak } = wordsOf(notifier, 'en-GB')
  const say = speak({ name: 'Ada Lovelace', brand: previewBrand.name, ...values })
  return { brand: previewBrand, lang, dir, say, repliesRead: true, leave }
}
