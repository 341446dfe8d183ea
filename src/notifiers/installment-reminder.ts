// installment.scheduled: a part of the price is due soon. Email, three days before at nine in the morning where the
// person lives, or at once where that has passed; not once it is paid, nor after the day it is due.
import { createElement } from 'react'
import InstallmentReminder from '../../emails/installment-reminder.tsx'
import { atLocalTime } from '../i18n/local-time.ts'
import { installment, installmentWords } from './_installment.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'installment-reminder',
  on: ['installment.scheduled'],
  category: 'transactional',
  when: ({ dueDate }, { timezone }) => atLocalTime(dueDate, '09:00', timezone, -3),
  until: ({ dueDate }, { timezone }) => atLocalTime(dueDate, '00:00', timezone, 1),
  // A payment of the same reference is how a vendor says it: of a subscription, its invoice.
  stoppedBy: ['installment.paid', 'payment.received'],
  data: installment,
  sample: {
    recipient: ada,
    reference: 'ENR-2001-3',
    data: {
      title: 'Practical Typography',
      amount: { amount: 4500, currency: 'gbp' },
      dueDate: '2030-12-16',
      installmentNumber: 3,
      installmentCount: 6,
      payUrl: 'https://learn.example.com/pay/ENR-2001-3',
    },
  },
  words: installmentWords,
  email: ({ title, amount, dueDate, payUrl }, frame, to) =>
    createElement(InstallmentReminder, {
      frame,
      title,
      amount: to.money(amount),
      due: to.date(dueDate),
      installment: frame.say.text('installment'),
      payUrl,
    }),
})
