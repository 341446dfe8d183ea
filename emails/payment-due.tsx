// "Complete your payment": its details and how to complete it.
import { Action, Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface PaymentDueProps {
  frame: Frame
  amount: string
  orderNumber?: string | null
  payUrl?: string | null
}

export default function PaymentDue({ frame, amount, orderNumber, payUrl }: PaymentDueProps) {
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
      <Action frame={frame} href={payUrl} withAddress />
      <Help frame={frame} />
    </Layout>
  )
}

PaymentDue.PreviewProps = {
  frame: previewFrame('payment-due', {
    amount: '£78.85',
    orderNumber: 'ORD-1001',
    payUrl: 'https://fernwood.example/pay/1001',
  }),
  amount: '£78.85',
  orderNumber: 'ORD-1001',
  payUrl: 'https://fernwood.example/pay/1001',
} satisfies PaymentDueProps
