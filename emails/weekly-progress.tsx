// "Your week": the student's progress in each course, with links to them.
import { Action, Help, Opening, Row } from './_parts/blocks.tsx'
import { type Frame, previewFrame, previewUnsubscribe } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'
import { type Course, CourseProgress } from './_parts/progress.tsx'
import { sized } from './_parts/styles.ts'
import { light } from './_parts/tokens.ts'

interface WeeklyProgressProps {
  frame: Frame
  courses: Course[]
  /** `And 3 more`, where they are too many. */
  more: string | null
}

/** A single course gets the button; with several, each title is a link. */
export default function WeeklyProgress({ frame, courses, more }: WeeklyProgressProps) {
  const isAlone = courses.length === 1
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      {courses.map((course) => (
        <CourseProgress key={course.title} frame={frame} course={course} isLink={!isAlone} />
      ))}
      {more && (
        <Row dir={frame.dir} padding="0 32px 24px">
          <p className="t1" style={{ margin: 0, ...sized(16, 24, light.text) }}>
            {more}
          </p>
        </Row>
      )}
      <Action frame={frame} href={isAlone ? courses[0]?.url : null} />
      <Help frame={frame} />
    </Layout>
  )
}

const course = { title: 'Practical Typography', progress: '7 of 12 lessons', time: '95 minutes', percent: 58 }

WeeklyProgress.PreviewProps = {
  frame: previewFrame(
    'weekly-progress',
    { count: 2, courseTitle: course.title, completed: 7, total: 12, spent: 95, minutes: 155 },
    previewUnsubscribe,
  ),
  courses: [
    { ...course, url: 'https://fernwood.example/courses/practical-typography' },
    {
      title: 'Bookbinding by hand',
      progress: '9 of 9 lessons',
      time: '60 minutes',
      percent: 100,
      url: 'https://fernwood.example/courses/bookbinding',
    },
  ],
  more: null,
} satisfies WeeklyProgressProps
