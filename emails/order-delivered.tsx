// "Your order has been delivered", with a link to review it.
import { Action, Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface OrderDeliveredProps {
  frame: Frame
  orderNumber: string
  deliveredAt?: string | null
  reviewUrl?: string | null
}

export default function OrderDelivered({ frame, orderNumber, deliveredAt, reviewUrl }: OrderDeliveredProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Action frame={frame} href={reviewUrl} />
      <Facts
        frame={frame}
        facts={[
          ['order', orderNumber],
          ['delivered', deliveredAt],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

OrderDelivered.PreviewProps = {
  frame: previewFrame('order-delivered', {
    orderNumber: 'ORD-1001',
    deliveredAt: '24 November 2026 at 14:05 GMT',
    reviewUrl: 'https://fernwood.example/review/1001',
  }),
  orderNumber: 'ORD-1001',
  deliveredAt: '24 November 2026 at 14:05 GMT',
  reviewUrl: 'https://fernwood.example/review/1001',
} satisfies OrderDeliveredProps
