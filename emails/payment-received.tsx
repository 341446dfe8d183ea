// "We have your payment": the receipt in short.
import { Action, Facts, Help, Opening, Whole } from './_parts/blocks.tsx'
import { type Frame, greet, previewFrame } from './_parts/frame.ts'
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

export default function PaymentReceived(props: PaymentReceivedProps) {
  const { frame, amount, orderNumber, method, paidAt, paymentId, receiptUrl } = props
  return (
    <Layout
      frame={frame}
      title={`We have your payment of ${amount}`}
      preheader={paidAt ? `Paid ${paidAt}.` : 'There is nothing for you to do.'}
      because={`You get this because you paid ${frame.brand.name}.`}
    >
      <Opening frame={frame} heading="Thank you. We have your payment.">
        {greet(frame.name, 'Your')} payment of <Whole>{amount}</Whole>
        {orderNumber && (
          <>
            {' '}
            for order <Whole>{orderNumber}</Whole>
          </>
        )}{' '}
        has arrived. There is nothing for you to do.
      </Opening>
      <Action frame={frame} href={receiptUrl}>
        See your receipt
      </Action>
      <Facts
        frame={frame}
        facts={[
          ['Amount', amount],
          ['Order', orderNumber],
          ['Paid with', method],
          ['When', paidAt],
          ['Payment', paymentId],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

PaymentReceived.PreviewProps = {
  frame: previewFrame,
  amount: '£78.85',
  orderNumber: 'ORD-1001',
  method: 'Visa ending 4242',
  paidAt: '21 November 2026 at 10:00 GMT',
  paymentId: 'pi_3QK9dD2eZvKYlo2C1',
  receiptUrl: 'https://fernwood.example/receipts/1001',
} satisfies PaymentReceivedProps
