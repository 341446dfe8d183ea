// "Your payment wasn’t completed in time": nothing was charged.
import { Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface PaymentTimedOutProps {
  frame: Frame
  amount: string
  orderNumber?: string | null
}

export default function PaymentTimedOut({ frame, amount, orderNumber }: PaymentTimedOutProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Facts
        frame={frame}
        facts={[
          ['amount', amount],
          ['order', orderNumber],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

PaymentTimedOut.PreviewProps = {
  frame: previewFrame('payment-timed-out', { amount: '£78.85', orderNumber: 'ORD-1001' }),
  amount: '£78.85',
  orderNumber: 'ORD-1001',
} satisfies PaymentTimedOutProps
