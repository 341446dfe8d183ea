// "Your order is confirmed": its total and the expected day.
import { Action, Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface OrderConfirmedProps {
  frame: Frame
  orderNumber: string
  total?: string | null
  expected?: string | null
  orderUrl?: string | null
}

export default function OrderConfirmed({ frame, orderNumber, total, expected, orderUrl }: OrderConfirmedProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Action frame={frame} href={orderUrl} />
      <Facts
        frame={frame}
        facts={[
          ['order', orderNumber],
          ['total', total],
          ['expected', expected],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

OrderConfirmed.PreviewProps = {
  frame: previewFrame('order-confirmed', { orderNumber: 'ORD-1001', total: '£78.85', expected: '24 November 2026' }),
  orderNumber: 'ORD-1001',
  total: '£78.85',
  expected: '24 November 2026',
  orderUrl: 'https://fernwood.example/o/1001',
} satisfies OrderConfirmedProps
