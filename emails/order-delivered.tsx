// "Your order has arrived", and where to say how it was.
import { Action, Facts, Help, Opening, Whole } from './_parts/blocks.tsx'
import { type Frame, greet, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface OrderDeliveredProps {
  frame: Frame
  orderNumber: string
  deliveredAt?: string | null
  reviewUrl?: string | null
}

export default function OrderDelivered({ frame, orderNumber, deliveredAt, reviewUrl }: OrderDeliveredProps) {
  return (
    <Layout
      frame={frame}
      title={`Order ${orderNumber} has arrived`}
      preheader={deliveredAt ? `Handed over ${deliveredAt}.` : 'The carrier says that it has been handed over.'}
      because={`You get this because you ordered from ${frame.brand.name}.`}
    >
      <Opening frame={frame} heading="Your order has arrived">
        {greet(frame.name, 'Order')} <Whole>{orderNumber}</Whole> has been delivered.
        {reviewUrl ? ' Others would like to know how you find it.' : ''}
      </Opening>
      <Action frame={frame} href={reviewUrl}>
        Write a review
      </Action>
      <Facts
        frame={frame}
        facts={[
          ['Order', orderNumber],
          ['Delivered', deliveredAt],
        ]}
      />
      <Help frame={frame}>Nothing there? Look where parcels are left, and ask your neighbours.</Help>
    </Layout>
  )
}

OrderDelivered.PreviewProps = {
  frame: previewFrame,
  orderNumber: 'ORD-1001',
  deliveredAt: '24 November 2026 at 14:05 GMT',
  reviewUrl: 'https://fernwood.example/review/1001',
} satisfies OrderDeliveredProps
