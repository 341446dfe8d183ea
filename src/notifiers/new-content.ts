// content.published: new content in a course, sent to all its students with bulk priority. Product email.
import { createElement } from 'react'
import { z } from 'zod'
import NewContent from '../../emails/new-content.tsx'
import { name, url } from './_data.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'new-content',
  on: ['content.published'],
  category: 'product',
  priority: 'bulk',
  data: z.looseObject({ courseTitle: name, contentTitle: name, url, contentType: name.nullish() }),
  sample: {
    recipient: ada,
    reference: 'practical-typography-7',
    data: {
      courseTitle: 'Practical Typography',
      contentTitle: 'Setting tables that read well',
      contentType: 'lesson',
      url: 'https://learn.example.com/courses/practical-typography/7',
    },
  },
  words: ({ courseTitle, contentTitle, contentType }) => ({
    courseTitle,
    contentTitle,
    contentType,
    // The messages select on it: a kind that they know, such as `lesson`, is translated.
    kind: contentType?.trim().toLowerCase(),
  }),
  email: ({ courseTitle, contentTitle, url }, frame) =>
    createElement(NewContent, { frame, courseTitle, contentTitle, kind: frame.t.text('kind'), url }),
})
