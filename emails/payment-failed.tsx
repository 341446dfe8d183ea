// "Your payment did not go through": first that no money was taken, then what, then how to pay.
import { Action, Facts, Help, Opening, Whole } from './_parts/blocks.tsx'
import { type Frame, greet, previewFrame } from './_parts/frame.ts'
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

export default function PaymentFailed(props: PaymentFailedProps) {
  const { frame, amount, orderNumber, paymentId, reason, retryUrl } = props
  return (
    <Layout
      frame={frame}
      title="Your payment did not go through"
      preheader={`No money was taken.${retryUrl ? ' You can pay again from this email.' : ''}`}
      because={`You get this because a payment to ${frame.brand.name} was started. We never ask for card numbers by email.`}
    >
      <Opening frame={frame} heading="Your payment did not go through">
        {greet(frame.name, 'No')} money was taken. The payment of <Whole>{amount}</Whole>
        {orderNumber && (
          <>
            {' '}
            for order <Whole>{orderNumber}</Whole>
          </>
        )}{' '}
        was not accepted.
      </Opening>
      <Facts
        frame={frame}
        facts={[
          ['Amount', amount],
          ['Order', orderNumber],
          ['Payment', paymentId],
          ['Reason', reason],
        ]}
      />
      <Action frame={frame} href={retryUrl} withAddress>
        Pay again
      </Action>
      <Help frame={frame}>
        If your bank shows the amount as pending, it drops off by itself, usually within a few days.
      </Help>
    </Layout>
  )
}

PaymentFailed.PreviewProps = {
  frame: previewFrame,
  amount: '£78.85',
  orderNumber: 'ORD-1001',
  paymentId: 'pi_3QK9dD2eZvKYlo2C1',
  reason: 'Your card has expired.',
  retryUrl: 'https://fernwood.example/pay/1001',
} satisfies PaymentFailedProps
