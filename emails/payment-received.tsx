// "Thanks for your payment": a short receipt.
import { Action, Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface PaymentReceivedProps {
  frame: Frame
  amount: string
  orderNumber?: string | null
  method?: string | null
  paidAt?: string | null
  paymentId?: string | null
  receiptUrl?: string | null
}

export default function PaymentReceived({
  frame,
  amount,
  orderNumber,
  method,
  paidAt,
  paymentId,
  receiptUrl,
}: PaymentReceivedProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Action frame={frame} href={receiptUrl} />
      <Facts
        frame={frame}
        facts={[
          ['amount', amount],
          ['order', orderNumber],
          ['method', method],
          ['paidAt', paidAt],
          ['payment', paymentId],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

PaymentReceived.PreviewProps = {
  frame: previewFrame('payment-received', {
    amount: '£78.85',
    orderNumber: 'ORD-1001',
    paidAt: '21 November 2026 at 10:00 GMT',
  }),
  amount: '£78.85',
  orderNumber: 'ORD-1001',
  method: 'Visa •••• 4242',
  paidAt: '21 November 2026 at 10:00 GMT',
  paymentId: 'pi_3QK9dD2eZvKYlo2C1',
  receiptUrl: 'https://fernwood.example/receipts/1001',
} satisfies PaymentReceivedProps
