// enrollment.cancelled: an enrollment is cancelled, with its end date and refund. Email.
import { createElement } from 'react'
import { z } from 'zod'
import EnrollmentCancelled from '../../emails/enrollment-cancelled.tsx'
import { date, money, name } from './_data.ts'
import { refundShown } from './_refund.ts'
import { ada } from './_sample.ts'
import { anotherStudent } from './_student.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'enrollment-cancelled',
  on: ['enrollment.cancelled'],
  category: 'transactional',
  data: z.looseObject({
    courseTitle: name,
    effectiveDate: date,
    studentName: name.nullish(),
    refund: money.nullish(),
  }),
  sample: {
    recipient: ada,
    reference: 'ENR-2001',
    data: {
      courseTitle: 'Practical Typography',
      effectiveDate: '2026-11-30',
      studentName: 'Annabella King',
      refund: { amount: 18000, currency: 'gbp' },
    },
  },
  words: ({ courseTitle, effectiveDate, studentName, refund }, to) => ({
    courseTitle,
    student: anotherStudent(studentName, to),
    effectiveDate: to.date(effectiveDate),
    refund: refundShown(refund, to),
  }),
  email: ({ courseTitle, effectiveDate, studentName, refund }, frame, to) =>
    createElement(EnrollmentCancelled, {
      frame,
      courseTitle,
      studentName,
      effective: to.dateTime(effectiveDate),
      refund: refundShown(refund, to),
    }),
})
