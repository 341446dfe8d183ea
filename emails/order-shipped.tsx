// "Your order is on its way": with whom, under which number, and when it should be there.
import { Action, Facts, Help, Opening, Whole } from './_parts/blocks.tsx'
import { type Frame, greet, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface OrderShippedProps {
  frame: Frame
  orderNumber: string
  carrier: string
  trackingNumber: string
  trackingUrl?: string | null
  estimatedDelivery?: string | null
}

export default function OrderShipped(props: OrderShippedProps) {
  const { frame, orderNumber, carrier, trackingNumber, trackingUrl, estimatedDelivery } = props
  const expected = estimatedDelivery ? `, expected ${estimatedDelivery}` : ''
  return (
    <Layout
      frame={frame}
      title={`Order ${orderNumber} is on its way`}
      preheader={`With ${carrier}, tracking number ${trackingNumber}${expected}.`}
      because={`You get this because you ordered from ${frame.brand.name}.`}
    >
      <Opening frame={frame} heading="Your order is on its way">
        {greet(frame.name, 'Order')} <Whole>{orderNumber}</Whole> has left us and is with {carrier} now.
      </Opening>
      <Action frame={frame} href={trackingUrl}>
        Track your parcel
      </Action>
      <Facts
        frame={frame}
        facts={[
          ['Order', orderNumber],
          ['Carrier', carrier],
          ['Tracking number', trackingNumber],
          ['Expected', estimatedDelivery],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

OrderShipped.PreviewProps = {
  frame: previewFrame,
  orderNumber: 'ORD-1001',
  carrier: 'DHL',
  trackingNumber: 'JD014600',
  trackingUrl: 'https://fernwood.example/track/JD014600',
  estimatedDelivery: '24 November 2026',
} satisfies OrderShippedProps
