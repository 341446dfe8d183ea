// What teams use in place of the service, with an audit row for each message: BullMQ and Celery, both on Redis.
import type { Contender } from '../contest.ts'
import type { Options } from '../options.ts'

export interface Peers {
  found: Contender[]
  skipped: string[]
}

export async function peersOf(
  _cleanup: AsyncDisposableStack,
  { peers }: Options,
  _message: 'text' | 'email',
  _count: number,
): Promise<Peers> {
  if (!peers) return { found: [], skipped: ['BullMQ and Celery: not asked for (--peers)'] }
  return { found: [], skipped: [] }
}
