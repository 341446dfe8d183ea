// "Your order is out for delivery": the delivery window and the tracking link.
import { Action, Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface OrderOutForDeliveryProps {
  frame: Frame
  orderNumber: string
  window?: string | null
  trackingUrl?: string | null
}

export default function OrderOutForDelivery({ frame, orderNumber, window, trackingUrl }: OrderOutForDeliveryProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Action frame={frame} href={trackingUrl} />
      <Facts
        frame={frame}
        facts={[
          ['order', orderNumber],
          ['window', window],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

OrderOutForDelivery.PreviewProps = {
  frame: previewFrame('order-out-for-delivery', { orderNumber: 'ORD-1001', window: '14:00–16:00' }),
  orderNumber: 'ORD-1001',
  window: '14:00–16:00',
  trackingUrl: 'https://fernwood.example/track/JD014600',
} satisfies OrderOutForDeliveryProps
