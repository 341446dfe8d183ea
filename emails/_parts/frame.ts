// What every email is told about its surroundings: whose brand, which language, which person.
// The notifiers make it (src/notifiers/_frame.ts); layout.tsx draws it.

export interface Brand {
  name: string
  /** `#rrggbb`, used as a fill only. */
  color: string
  logoUrl: string | null
  address: string | null
}

export interface Frame {
  brand: Brand
  /** The language of the words, not of the person: a screen reader takes its voice from it. */
  lang: string
  dir: 'ltr' | 'rtl'
  /** The recipient's whole name, as the event gave it. */
  name: string | null
  /** Whether somebody reads replies. */
  repliesRead: boolean
}

/** `Hello Ada Lovelace, order` or, with nobody to name, `Order`: the start of the one paragraph. */
export function greet(name: string | null, start: string): string {
  return name ? `Hello ${name}, ${start.charAt(0).toLowerCase()}${start.slice(1)}` : start
}

export const previewFrame: Frame = {
  brand: {
    name: 'Fernwood Supply',
    color: '#1d5b45',
    logoUrl: null,
    address: 'Fernwood Supply Ltd, 14 Mill Lane, Bristol BS1 5TR, United Kingdom',
  },
  lang: 'en-GB',
  dir: 'ltr',
  name: 'Ada Lovelace',
  repliesRead: true,
}
