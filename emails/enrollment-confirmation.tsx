// "You’re enrolled", or the student is.
import { Action, Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface EnrollmentConfirmationProps {
  frame: Frame
  courseTitle: string
  studentName?: string | null
  starts?: string | null
  courseUrl?: string | null
}

export default function EnrollmentConfirmation({
  frame,
  courseTitle,
  studentName,
  starts,
  courseUrl,
}: EnrollmentConfirmationProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Action frame={frame} href={courseUrl} />
      <Facts
        frame={frame}
        facts={[
          ['course', courseTitle],
          ['student', studentName],
          ['starts', starts],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

EnrollmentConfirmation.PreviewProps = {
  frame: previewFrame('enrollment-confirmation', {
    courseTitle: 'Practical Typography',
    student: 'Annabella King',
    startsAt: '11 January 2027',
  }),
  courseTitle: 'Practical Typography',
  studentName: 'Annabella King',
  starts: '11 January 2027 at 18:00 GMT',
  courseUrl: 'https://fernwood.example/courses/practical-typography',
} satisfies EnrollmentConfirmationProps
