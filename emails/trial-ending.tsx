// "Your trial ends": when, what follows with its price, and where to change it.
import { Action, Facts, Help, Opening } from './_parts/blocks.tsx'
import { type Frame, previewFrame } from './_parts/frame.ts'
import { Layout } from './_parts/layout.tsx'

interface TrialEndingProps {
  frame: Frame
  planName?: string | null
  trialEnds: string
  /** `£12.00 a month`; empty where it is unknown. */
  price: string
  manageUrl?: string | null
}

export default function TrialEnding({ frame, planName, trialEnds, price, manageUrl }: TrialEndingProps) {
  return (
    <Layout frame={frame}>
      <Opening frame={frame} />
      <Action frame={frame} href={manageUrl} />
      <Facts
        frame={frame}
        facts={[
          ['plan', planName],
          ['trialEnds', trialEnds],
          ['price', price],
        ]}
      />
      <Help frame={frame} />
    </Layout>
  )
}

TrialEnding.PreviewProps = {
  frame: previewFrame('trial-ending', {
    planName: 'Studio Plus',
    trialEndsAt: '28 November 2026',
    amount: '£12.00',
    interval: 'month',
    count: 1,
  }),
  planName: 'Studio Plus',
  trialEnds: '28 November 2026 at 10:00 GMT',
  price: '£12.00 a month',
  manageUrl: 'https://fernwood.example/subscription',
} satisfies TrialEndingProps
