// What each language says on the pages for people.

/** Of one channel and one address: `ada@example.com` shown as `a***@example.com`. */
type Sentence = Record<'email' | 'sms', (brand: string, to: string) => string>

export interface PageWords {
  lang: string
  dir: 'ltr' | 'rtl'
  /** Before the button is pressed. */
  leave: { title: string; answer: Sentence; act: string }
  left: { title: string; answer: Sentence; act: string }
  stays: string
  choices: { title: string; legend: string; email: string; sms: string; act: string }
  done: { saved: string; again: string }
  broken: { title: string; answer: string; mend: string }
  failed: { title: string; answer: string; mend: string }
}
