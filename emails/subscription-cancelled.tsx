// "Your subscription has been cancelled": it does not renew; then the end date and the reason.
import { Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface SubscriptionCancelledProps {
  frame: Frame
  planName?: string | null
  effective?: string | null
  /** A sentence for people, never a code; empty where there is none. */
  reason: string
}

export default function SubscriptionCancelled({ frame, planName, effective, reason }: SubscriptionCancelledProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Facts
        frame={frame}
        facts={[
          ['plan', planName],
          ['effective', effective],
          ['reason', reason],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

SubscriptionCancelled.PreviewProps = {
  frame: previewFrame('subscription-cancelled', { planName: 'Studio Plus', endedAt: '21 November 2026' }),
  planName: 'Studio Plus',
  effective: '21 November 2026 at 10:00 GMT',
  reason: 'A cancellation was requested',
} satisfies SubscriptionCancelledProps
