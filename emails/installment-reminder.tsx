// "Your payment is due soon": the amount, the due date and how to pay.
import { Action, Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface InstallmentReminderProps {
  frame: Frame
  title: string
  amount: string
  due: string
  /** `2 of 6`; empty where it is unknown. */
  installment: string
  payUrl?: string | null
}

export default function InstallmentReminder({
  frame,
  title,
  amount,
  due,
  installment,
  payUrl,
}: InstallmentReminderProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Facts
        frame={frame}
        facts={[
          ['for', title],
          ['installment', installment],
          ['amount', amount],
          ['due', due],
        ]}
      />
      <Action frame={frame} href={payUrl} withAddress />
      <Help frame={frame} />
    </Layout>
  )
}

InstallmentReminder.PreviewProps = {
  frame: previewFrame('installment-reminder', {
    title: 'Practical Typography',
    amount: '£45.00',
    dueDate: '16 December 2026',
    number: 3,
    count: 6,
    payUrl: 'https://fernwood.example/pay/2001',
  }),
  title: 'Practical Typography',
  amount: '£45.00',
  due: '16 December 2026',
  installment: '3 of 6',
  payUrl: 'https://fernwood.example/pay/2001',
} satisfies InstallmentReminderProps
