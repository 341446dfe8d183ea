// schedule.*: a built-in schedule is due. Callback to every app that has a callback URL.
import { z } from 'zod'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'schedule-callback',
  on: [
    'schedule.installment_reminders',
    'schedule.failed_payments',
    'schedule.overdue_installments',
    'schedule.payment_timeouts',
    'schedule.exchange_rates',
    'schedule.retention',
  ],
  category: 'transactional',
  data: z.looseObject({}),
  sample: { recipient: {}, data: {} },
  words: () => ({}),
  callback: true,
})
