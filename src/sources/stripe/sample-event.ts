// The envelope of Stripe's sample events, of API version 2026-10-28.endive.
import type { Sample, SampleOf } from '../kit/sample.ts'

export const day = 86_400

export function event(type: string, object: (about: SampleOf) => object): Sample {
  return (about) => ({
    id: `evt_sample_${about.run}`,
    object: 'event',
    type,
    api_version: '2026-10-28.endive',
    created: seconds(about),
    livemode: false,
    pending_webhooks: 1,
    request: null,
    data: { object: object(about) },
  })
}

export function seconds({ nowMs }: SampleOf): number {
  return Math.floor(nowMs / 1000)
}
