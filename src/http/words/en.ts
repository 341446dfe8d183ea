// The English texts of the pages for people.
import type { PageWords } from './page-words.ts'

export const en: PageWords = {
  lang: 'en',
  dir: 'ltr',
  leave: {
    title: 'Unsubscribe',
    answer: {
      email: (brand, to) => `Press the button and ${brand} will stop sending news and updates by email to ${to}.`,
      sms: (brand, to) => `Press the button and ${brand} will stop sending news and updates by text message to ${to}.`,
    },
    act: 'Unsubscribe',
  },
  left: {
    title: 'You’re unsubscribed',
    answer: {
      email: (brand, to) => `${brand} won’t send any more news or updates by email to ${to}.`,
      sms: (brand, to) => `${brand} won’t send any more news or updates by text message to ${to}.`,
    },
    act: 'Resubscribe',
  },
  unaffected: 'You’ll still get messages about your orders, payments and courses.',
  choices: {
    title: 'Your preferences',
    legend: 'News and updates',
    email: 'By email',
    sms: 'By text message (SMS)',
    act: 'Save',
  },
  done: { saved: 'Saved.', again: 'You’re subscribed again.' },
  broken: {
    title: 'This link doesn’t work',
    answer: 'It’s incomplete, or it wasn’t made here. Nothing has changed.',
    advice: 'Open the link in the message again. If you copied it, copy all of it.',
  },
  failed: {
    title: 'We can’t do this right now',
    answer: 'Your choice may not have been saved.',
    advice: 'Go back and try again in a minute.',
  },
}
