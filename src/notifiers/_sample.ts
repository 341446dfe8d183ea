// The recipient in every notifier's sample.
import type { Recipient } from '../domain/event.ts'

export const ada: Recipient = {
  id: 'cus_42',
  email: 'ada@example.com',
  phone: '+14155550123',
  name: 'Ada Lovelace',
  locale: 'en-GB',
  timezone: 'Europe/London',
}
