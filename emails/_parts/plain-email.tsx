// The email of a notifier without a layout of its own: heading, paragraph, a button where there is a link, and help.
import { Action, Help, Opening } from './blocks.tsx'
import type { Frame } from './frame.ts'
import { Layout } from './layout.tsx'
import type { Values } from './words.ts'

export function PlainEmail({ frame, url }: { frame: Frame; url: Values[string] }) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Action frame={frame} href={url?.toString()} />
      <Help frame={frame} />
    </Layout>
  )
}
