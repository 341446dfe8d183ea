// "Thank you for joining the demo", with a link to the full course.
import { Action, Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame, previewUnsubscribe } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface DemoFollowUpProps {
  frame: Frame
  courseTitle: string
  instructor?: string | null
  enrollUrl?: string | null
}

export default function DemoFollowUp({ frame, courseTitle, instructor, enrollUrl }: DemoFollowUpProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Action frame={frame} href={enrollUrl} />
      <Facts
        frame={frame}
        facts={[
          ['course', courseTitle],
          ['instructor', instructor],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

DemoFollowUp.PreviewProps = {
  frame: previewFrame(
    'demo-follow-up',
    {
      courseTitle: 'Practical Typography',
      instructor: 'Grace Hopper',
      enrollUrl: 'https://fernwood.example/courses/practical-typography/join',
    },
    previewUnsubscribe,
  ),
  courseTitle: 'Practical Typography',
  instructor: 'Grace Hopper',
  enrollUrl: 'https://fernwood.example/courses/practical-typography/join',
} satisfies DemoFollowUpProps
