// An alert for the operator: what happened, what it means, what to do and by when. It offers no help by reply, as the operator
// is the one who reads replies.
import { Facts, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface OperatorAlertProps {
  frame: Frame
  amount?: string | null
  reason?: string | null
  respondBy?: string | null
  /** Whether it is too late to respond. */
  isOver?: boolean
  objectId?: string | null
  account?: string | null
}

export default function OperatorAlert({
  frame,
  amount,
  reason,
  respondBy,
  isOver,
  objectId,
  account,
}: OperatorAlertProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Facts
        frame={frame}
        facts={[
          ['amount', amount],
          ['reason', reason],
          [isOver ? 'wasDue' : 'respondBy', respondBy],
          ['object', objectId],
          ['account', account],
        ]}
      />
    </Layout>
  )
}

OperatorAlert.PreviewProps = {
  frame: previewFrame('operator-alert', {
    alert: 'dispute_created',
    amount: '£78.85',
    respondBy: '5 December 2026',
  }),
  amount: '£78.85',
  reason: 'Product not received',
  respondBy: '5 December 2026 at 23:59 GMT',
  objectId: 'dp_1QK9dD2eZvKYlo2C',
  account: null,
} satisfies OperatorAlertProps
