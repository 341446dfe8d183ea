// enrollment.created: confirms a place in a course, for the recipient or for a student they enrolled. Email.
import { createElement } from 'react'
import { z } from 'zod'
import EnrollmentConfirmation from '../../emails/enrollment-confirmation.tsx'
import { date, name, url } from './_data.ts'
import { ada } from './_sample.ts'
import { anotherStudent } from './_student.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'enrollment-confirmation',
  on: ['enrollment.created'],
  category: 'transactional',
  data: z.looseObject({
    courseTitle: name,
    studentName: name.nullish(),
    startsAt: date.nullish(),
    courseUrl: url.nullish(),
  }),
  sample: {
    recipient: ada,
    reference: 'ENR-2001',
    data: {
      courseTitle: 'Practical Typography',
      studentName: 'Annabella King',
      startsAt: '2027-01-11T18:00:00Z',
      courseUrl: 'https://learn.example.com/courses/practical-typography',
    },
  },
  words: ({ courseTitle, studentName, startsAt }, to) => ({
    courseTitle,
    student: anotherStudent(studentName, to),
    startsAt: startsAt && to.date(startsAt),
  }),
  email: ({ courseTitle, studentName, startsAt, courseUrl }, frame, to) =>
    createElement(EnrollmentConfirmation, {
      frame,
      courseTitle,
      studentName,
      starts: startsAt && to.dateTime(startsAt),
      courseUrl,
    }),
})
