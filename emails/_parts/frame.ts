// What every email needs beside its own data: the brand, the language and texts, and the unsubscribe links.
import { type Translate, type Values, wordsOf } from './words.ts'

export interface Brand {
  name: string
  /** `#rrggbb`; used only as a fill. */
  color: string
  logoUrl: string | null
  address: string | null
}

/** The links by which a person unsubscribes or changes preferences. */
export interface UnsubscribeLinks {
  unsubscribeUrl: string
  preferencesUrl: string
}

export interface Frame {
  brand: Brand
  /** The language of the texts: screen readers choose their voice by it. */
  lang: string
  dir: 'ltr' | 'rtl'
  t: Translate
  /** Whether somebody reads replies. */
  repliesRead: boolean
  /** Null for messages that are always sent. */
  unsubscribe: UnsubscribeLinks | null
}

const previewBrand: Brand = {
  name: 'Fernwood Supply',
  color: '#1d5b45',
  logoUrl: null,
  address: 'Fernwood Supply Ltd, 14 Mill Lane, Bristol BS1 5TR, United Kingdom',
}

/** The links in previews of product mail. */
export const previewUnsubscribe: UnsubscribeLinks = {
  unsubscribeUrl: 'https://fernwood.example/unsubscribe/t0k3n',
  preferencesUrl: 'https://fernwood.example/unsubscribe/t0k3n#all',
}

/** The frame of a preview in English, as `email dev` shows it. */
export function previewFrame(notifier: string, values: Values, unsubscribe: UnsubscribeLinks | null = null): Frame {
  const { lang, dir, with: translateWith } = wordsOf(notifier, 'en-GB')
  const t = translateWith({ name: 'Ada Lovelace', givenName: 'Ada', brand: previewBrand.name, ...values })
  return { brand: previewBrand, lang, dir, t, repliesRead: true, unsubscribe }
}
