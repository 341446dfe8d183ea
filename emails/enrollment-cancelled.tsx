// "Your place in the course has been cancelled": the refund first, then the last day.
import { Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface EnrollmentCancelledProps {
  frame: Frame
  courseTitle: string
  studentName?: string | null
  effective: string
  refund?: string | null
}

export default function EnrollmentCancelled({
  frame,
  courseTitle,
  studentName,
  effective,
  refund,
}: EnrollmentCancelledProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Facts
        frame={frame}
        facts={[
          ['course', courseTitle],
          ['student', studentName],
          ['effective', effective],
          ['refund', refund],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

EnrollmentCancelled.PreviewProps = {
  frame: previewFrame('enrollment-cancelled', {
    courseTitle: 'Practical Typography',
    student: 'Annabella King',
    effectiveDate: '30 November 2026',
    refund: '£180.00',
  }),
  courseTitle: 'Practical Typography',
  studentName: 'Annabella King',
  effective: '30 November 2026',
  refund: '£180.00',
} satisfies EnrollmentCancelledProps
