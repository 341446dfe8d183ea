// installment.scheduled: an installment is due soon. Email at nine local time three days before, or at once if that has passed;
// not once it is paid, nor after the due date.
import { createElement } from 'react'
import InstallmentReminder from '../../emails/installment-reminder.tsx'
import { subscriptionEnds } from '../domain/superseding.ts'
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
  // Vendors report it as a payment with the same reference: for a subscription, that of its invoice.
  stoppedBy: ['installment.paid', 'payment.received', ...subscriptionEnds],
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
  email: ({ amount, dueDate, payUrl }, frame, to) =>
    createElement(InstallmentReminder, {
      frame,
      title: frame.t.text('title'),
      amount: to.money(amount),
      due: to.date(dueDate),
      installment: frame.t.text('installment'),
      payUrl,
    }),
})
