// "We’ve refunded you": the refund's timeline, and what it is for.
import { Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'
import { Steps } from './_parts/steps.tsx'

interface RefundProcessedProps {
  frame: Frame
  isPending?: boolean
  amount: string
  orderNumber?: string | null
  /** A sentence for people, never a code. */
  reason?: string | null
  refundId?: string | null
  refundedOn?: string | null
  expected?: string | null
}

export default function RefundProcessed(props: RefundProcessedProps) {
  const { frame, isPending, amount, orderNumber, reason, refundId, refundedOn, expected } = props
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Steps
        frame={frame}
        steps={[
          { name: isPending ? 'started' : 'refunded', isDone: true, when: refundedOn },
          { name: 'inAccount', isDone: false, when: expected && frame.t.text('step.inAccount.when') },
        ]}
      />
      <Facts
        frame={frame}
        facts={[
          ['amount', amount],
          ['order', orderNumber],
          ['reason', reason],
          ['refundId', refundId],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

RefundProcessed.PreviewProps = {
  frame: previewFrame('refund-processed', { amount: '£29.00', orderNumber: 'ORD-1001', expected: '28 November 2026' }),
  amount: '£29.00',
  orderNumber: 'ORD-1001',
  reason: 'At your request',
  refundId: 're_3QK9dD2eZvKYlo2C1',
  refundedOn: '21 November 2026',
  expected: '28 November 2026',
} satisfies RefundProcessedProps
