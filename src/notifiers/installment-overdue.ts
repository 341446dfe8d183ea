// installment.overdue: an installment was not paid in time. Email and SMS with a link to pay, unless it has since been paid.
import { createElement } from 'react'
import InstallmentOverdue from '../../emails/installment-overdue.tsx'
import { installment, installmentWords } from './_installment.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'installment-overdue',
  on: ['installment.overdue'],
  category: 'transactional',
  stoppedBy: ['installment.paid'],
  data: installment,
  sample: {
    recipient: ada,
    reference: 'ENR-2001',
    data: {
      title: 'Practical Typography',
      amount: { amount: 4500, currency: 'gbp' },
      dueDate: '2026-11-16',
      installmentNumber: 2,
      installmentCount: 6,
      payUrl: 'https://learn.example.com/pay/ENR-2001',
    },
  },
  words: installmentWords,
  email: ({ title, amount, dueDate, payUrl }, frame, to) =>
    createElement(InstallmentOverdue, {
      frame,
      title,
      amount: to.money(amount),
      due: to.date(dueDate),
      installment: frame.t.text('installment'),
      payUrl,
    }),
  sms: true,
})
