// "Your order has been cancelled": the refund first, if it is known.
import { Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface OrderCancelledProps {
  frame: Frame
  orderNumber: string
  refund?: string | null
  /** A sentence for people, never a code. */
  reason?: string | null
}

export default function OrderCancelled({ frame, orderNumber, refund, reason }: OrderCancelledProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Facts
        frame={frame}
        facts={[
          ['order', orderNumber],
          ['refund', refund],
          ['reason', reason],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

OrderCancelled.PreviewProps = {
  frame: previewFrame('order-cancelled', { orderNumber: 'ORD-1001', refund: '£78.85' }),
  orderNumber: 'ORD-1001',
  refund: '£78.85',
  reason: 'The beech for it wasn’t good enough',
} satisfies OrderCancelledProps
