// "Your order has shipped": the carrier, the tracking number and the expected day.
import { Action, Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface OrderShippedProps {
  frame: Frame
  orderNumber: string
  carrier: string
  trackingNumber: string
  trackingUrl?: string | null
  expected?: string | null
}

export default function OrderShipped({
  frame,
  orderNumber,
  carrier,
  trackingNumber,
  trackingUrl,
  expected,
}: OrderShippedProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Action frame={frame} href={trackingUrl} />
      <Facts
        frame={frame}
        facts={[
          ['order', orderNumber],
          ['carrier', carrier],
          ['trackingNumber', trackingNumber],
          ['expected', expected],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

OrderShipped.PreviewProps = {
  frame: previewFrame('order-shipped', {
    orderNumber: 'ORD-1001',
    carrier: 'DHL',
    trackingNumber: 'JD014600',
    expected: '24 November 2026',
  }),
  orderNumber: 'ORD-1001',
  carrier: 'DHL',
  trackingNumber: 'JD014600',
  trackingUrl: 'https://fernwood.example/track/JD014600',
  expected: '24 November 2026',
} satisfies OrderShippedProps
