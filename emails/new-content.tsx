// "A new lesson", or whatever has come out in a course: what it is, and the way to it.
import { Action, Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame, previewLeave } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface NewContentProps {
  frame: Frame
  courseTitle: string
  contentTitle: string
  /** In the words of the email; empty where nobody said. */
  kind: string
  url: string
}

export default function NewContent({ frame, courseTitle, contentTitle, kind, url }: NewContentProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Facts
        frame={frame}
        facts={[
          ['course', courseTitle],
          ['title', contentTitle],
          ['kind', kind],
        ]}
      />
      <Action frame={frame} href={url} />
      <Help frame={frame} />
    </Layout>
  )
}

NewContent.PreviewProps = {
  frame: previewFrame(
    'new-content',
    {
      courseTitle: 'Practical Typography',
      contentTitle: 'Setting tables that read well',
      contentType: 'lesson',
      kind: 'lesson',
    },
    previewLeave,
  ),
  courseTitle: 'Practical Typography',
  contentTitle: 'Setting tables that read well',
  kind: 'Lesson',
  url: 'https://fernwood.example/courses/practical-typography/7',
} satisfies NewContentProps
