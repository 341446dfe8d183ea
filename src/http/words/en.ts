// The English texts of the pages for people.
import type { PageWords } from './page-words.ts'

export const en: PageWords = {
  lang: 'en',
  dir: 'ltr',
  leave: {
    title: 'Unsubscribe',
    answer: {
      email: (brand, to) => `Press the button, and ${brand} sends no more news and updates by email to ${to}.`,
      sms: (brand, to) => `Press the button, and ${brand} sends no more news and updates by text message to ${to}.`,
    },
    act: 'Unsubscribe',
  },
  left: {
    title: 'You are unsubscribed',
    answer: {
      email: (brand, to) => `${brand} sends no more news and updates by email to ${to}.`,
      sms: (brand, to) => `${brand} sends no more news and updates by text message to ${to}.`,
    },
    act: 'Get these again',
  },
  unaffected: 'Messages about your orders, payments and courses still come.',
  choices: {
    title: 'What you get',
    legend: 'News and updates',
    email: 'By email',
    sms: 'By text message (SMS)',
    act: 'Save',
  },
  done: { saved: 'Saved.', again: 'You get these again.' },
  broken: {
    title: 'This link does not work',
    answer: 'It is not whole, or it was not made here. Nothing has changed.',
    advice: 'Open the link in the message again. If you copied it, copy all of it.',
  },
  failed: {
    title: 'This cannot be done right now',
    answer: 'Your choice may not have been saved.',
    advice: 'Go back and try again in a minute.',
  },
}
