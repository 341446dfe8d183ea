// "The seller has accepted your order."
import { Action, Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface OrderAcceptedProps {
  frame: Frame
  orderNumber: string
  seller?: string | null
  orderUrl?: string | null
}

export default function OrderAccepted({ frame, orderNumber, seller, orderUrl }: OrderAcceptedProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Action frame={frame} href={orderUrl} />
      <Facts
        frame={frame}
        facts={[
          ['order', orderNumber],
          ['seller', seller],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

OrderAccepted.PreviewProps = {
  frame: previewFrame('order-accepted', { orderNumber: 'ORD-1001', seller: 'Fernwood Workshop' }),
  orderNumber: 'ORD-1001',
  seller: 'Fernwood Workshop',
  orderUrl: 'https://fernwood.example/o/1001',
} satisfies OrderAcceptedProps
