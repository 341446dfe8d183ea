// "The seller has accepted your order."
import { Action, Facts, Help, Opening, Whole } from './_parts/blocks.tsx'
import { type Frame, greet, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface OrderAcceptedProps {
  frame: Frame
  orderNumber: string
  seller?: string | null
  orderUrl?: string | null
}

export default function OrderAccepted({ frame, orderNumber, seller, orderUrl }: OrderAcceptedProps) {
  const by = seller ?? frame.brand.name
  return (
    <Layout
      frame={frame}
      title={`Order ${orderNumber} is accepted`}
      preheader={`${by} has said yes to it. There is nothing for you to do.`}
      because={`You get this because you ordered from ${frame.brand.name}.`}
    >
      <Opening frame={frame} heading="Your order is accepted">
        {greet(frame.name, 'Your')} order <Whole>{orderNumber}</Whole> has been accepted by {by}. There is nothing for
        you to do.
      </Opening>
      <Action frame={frame} href={orderUrl}>
        See your order
      </Action>
      <Facts
        frame={frame}
        facts={[
          ['Order', orderNumber],
          ['Seller', seller],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

OrderAccepted.PreviewProps = {
  frame: previewFrame,
  orderNumber: 'ORD-1001',
  seller: 'Fernwood Workshop',
  orderUrl: 'https://fernwood.example/o/1001',
} satisfies OrderAcceptedProps
