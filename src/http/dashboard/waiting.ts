// What waits for a person, as every page counts it.
import type { Ctx } from '../../context.ts'
import { channels } from '../../domain/notification.ts'
import { forAPerson } from '../../store/dashboard/for-a-person.ts'
import { mostWaiting, type Visit } from './page.ts'

const minuteMs = 60_000
const givenUpShownMs = 86_400_000

export async function whatWaits({
  clock,
  reads,
  routes,
}: Pick<Ctx, 'clock' | 'reads' | 'routes'>): Promise<Pick<Visit, 'waiting' | 'givenUpSince'>> {
  // A whole minute, as the filter of the list has it.
  const givenUpSince = new Date(Math.floor((clock.now().getTime() - givenUpShownMs) / minuteMs) * minuteMs)
  const providers = channels.flatMap((channel) => routes[channel].map(({ name }) => name))
  return { waiting: await forAPerson(reads.db, { givenUpSince, providers, most: mostWaiting }), givenUpSince }
}
