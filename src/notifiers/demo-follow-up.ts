// demo.attended: thanks the recipient and links to the full course, within a week of the demo. Product email.
import { createElement } from 'react'
import { z } from 'zod'
import DemoFollowUp from '../../emails/demo-follow-up.tsx'
import { name, url } from './_data.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'demo-follow-up',
  on: ['demo.attended'],
  category: 'product',
  expiresInMs: 7 * 24 * 3600 * 1000,
  data: z.looseObject({ courseTitle: name, instructor: name.nullish(), enrollUrl: url.nullish() }),
  sample: {
    recipient: ada,
    reference: 'DEMO-310',
    data: {
      courseTitle: 'Practical Typography',
      instructor: 'Grace Hopper',
      enrollUrl: 'https://learn.example.com/courses/practical-typography/join',
    },
  },
  words: ({ courseTitle, instructor, enrollUrl }) => ({ courseTitle, instructor, enrollUrl }),
  email: ({ courseTitle, instructor, enrollUrl }, frame) =>
    createElement(DemoFollowUp, { frame, courseTitle, instructor, enrollUrl }),
})
