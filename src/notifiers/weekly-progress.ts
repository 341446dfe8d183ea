// student.progress: the week's progress in one digest on Monday morning: the latest figures of each course, with its minutes
// summed. Product email.
import { createElement } from 'react'
import { z } from 'zod'
import WeeklyProgress from '../../emails/weekly-progress.tsx'
import { nextLocalTime } from '../i18n/local-time.ts'
import { name, url } from './_data.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

const lessons = z.int().min(0).max(100_000)

const progress = z.looseObject({
  courseTitle: name,
  completedLessons: lessons,
  totalLessons: lessons,
  minutesSpent: z.number().min(0).max(1_000_000).nullish(),
  url: url.nullish(),
})
type Progress = z.infer<typeof progress>

/** Gmail clips a message at 102 kB. */
const maxShown = 40

export default defineNotifier({
  name: 'weekly-progress',
  on: ['student.progress'],
  category: 'product',
  when: (_, { receivedAt, timezone }) => nextLocalTime(receivedAt, '09:00', timezone, 1),
  digest: true,
  data: progress,
  sample: {
    recipient: ada,
    reference: 'practical-typography',
    data: {
      courseTitle: 'Practical Typography',
      completedLessons: 7,
      totalLessons: 12,
      minutesSpent: 95,
      url: 'https://learn.example.com/courses/practical-typography',
    },
  },
  words: (_, __, all) => {
    const courses = coursesOf(all.parts)
    const [first] = courses
    return {
      count: courses.length + unknownOf(courses, all.left),
      courseTitle: first?.courseTitle,
      completed: first?.completed,
      total: first?.total,
      spent: first?.minutes,
      minutes: courses.reduce((sum, { minutes }) => sum + minutes, 0) || null,
    }
  },
  email: (_, frame, __, all) => {
    const known = coursesOf(all.parts)
    const shown = known.length > maxShown ? known.slice(0, maxShown - 1) : known
    const count = known.length - shown.length + unknownOf(known, all.left)
    const courses = shown.map(({ courseTitle, completed, total, minutes, url }) => ({
      title: courseTitle,
      percent: total > 0 ? Math.round((completed / total) * 100) : 0,
      progress: frame.t.text('course.progress', { completed, total }),
      time: minutes > 0 ? frame.t.text('course.time', { spent: minutes }) : null,
      url,
    }))
    return createElement(WeeklyProgress, {
      frame,
      courses,
      more: count > 0 ? frame.t.text('course.more', { count }) : null,
    })
  },
})

/** Parts that were not read count as further courses where there are many; else they are earlier reports of the same. */
const unknownOf = (courses: object[], left: number) => (courses.length > maxShown ? left : 0)

/** The courses in the order of their first event. */
function coursesOf(parts: Progress[]) {
  return [...Map.groupBy(parts, ({ courseTitle }) => courseTitle.trim().toLowerCase()).values()].map((events) => {
    const { courseTitle, completedLessons, totalLessons, url } = events.at(-1) as Progress
    return {
      courseTitle,
      completed: Math.min(completedLessons, totalLessons),
      total: totalLessons,
      minutes: Math.round(events.reduce((sum, { minutesSpent }) => sum + (minutesSpent ?? 0), 0)),
      url,
    }
  })
}
