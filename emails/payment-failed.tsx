// "Your payment didn’t go through": nothing was charged; then the details and how to pay.
import { Action, Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface PaymentFailedProps {
  frame: Frame
  amount: string
  orderNumber?: string | null
  paymentId?: string | null
  /** A sentence for people, never a decline code. */
  reason?: string | null
  retryUrl?: string | null
}

export default function PaymentFailed({ frame, amount, orderNumber, paymentId, reason, retryUrl }: PaymentFailedProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Facts
        frame={frame}
        facts={[
          ['amount', amount],
          ['order', orderNumber],
          ['payment', paymentId],
          ['reason', reason],
        ]}
      />
      <Action frame={frame} href={retryUrl} withAddress />
      <Help frame={frame} />
    </Layout>
  )
}

PaymentFailed.PreviewProps = {
  frame: previewFrame('payment-failed', {
    amount: '£78.85',
    orderNumber: 'ORD-1001',
    retryUrl: 'https://fernwood.example/pay/1001',
  }),
  amount: '£78.85',
  orderNumber: 'ORD-1001',
  paymentId: 'pi_3QK9dD2eZvKYlo2C1',
  reason: 'The card has expired',
  retryUrl: 'https://fernwood.example/pay/1001',
} satisfies PaymentFailedProps
