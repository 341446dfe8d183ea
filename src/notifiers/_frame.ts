// From a voice to what emails know of it: emails/ imports nothing of src, so this is where the two meet.
import type { Frame } from '../../emails/_parts/frame.ts'
import type { Voice } from '../voice.ts'

/**
 * The words that ship are English, whatever the form of money and dates: said to be anything else, they would be read
 * out with the wrong sounds, and laid out from the right their full stops would stand in front.
 */
export function frameFor(to: Voice): Frame {
  const lang = /^en\b/i.test(to.locale) ? to.locale : 'en'
  return { brand: to.brand, lang, dir: 'ltr', name: to.name, repliesRead: to.replyTo !== null }
}
