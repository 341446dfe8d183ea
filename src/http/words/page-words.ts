// The texts that each language supplies for the pages for people.
import type { PersonalChannel } from '../../domain/notification.ts'

/** A sentence for each channel; `to` is the masked address: `a***@example.com`. */
type Sentence = Record<PersonalChannel, (brand: string, to: string) => string>

export interface PageWords {
  lang: string
  dir: 'ltr' | 'rtl'
  /** Before the button is pressed. */
  leave: { title: string; answer: Sentence; act: string }
  left: { title: string; answer: Sentence; act: string }
  unaffected: string
  choices: { title: string; legend: string; email: string; sms: string; act: string }
  done: { saved: string; again: string }
  broken: { title: string; answer: string; advice: string }
  failed: { title: string; answer: string; advice: string }
}
