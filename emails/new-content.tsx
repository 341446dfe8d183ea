// "A new lesson", or another kind of new content in a course: what it is, with a link.
import { Action, Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame, previewUnsubscribe } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface NewContentProps {
  frame: Frame
  courseTitle: string
  contentTitle: string
  /** The kind of content, translated; empty where it is unknown. */
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
    previewUnsubscribe,
  ),
  courseTitle: 'Practical Typography',
  contentTitle: 'Setting tables that read well',
  kind: 'Lesson',
  url: 'https://fernwood.example/courses/practical-typography/7',
} satisfies NewContentProps
