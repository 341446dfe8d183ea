// The delivery stage without its workers: a test does the next step of a notification itself.
import type { Ctx } from '../../src/context.ts'
import { type Attempts, makeAttempts } from '../../src/deliver/attempts.ts'
import { makeDeliver } from '../../src/deliver/deliver.ts'

const made = new WeakMap<Ctx, Attempts>()

/** What deliveries of this process write; those at the same time share a transaction. */
export function attemptsOf(ctx: Ctx): Attempts {
  const attempts = made.get(ctx) ?? makeAttempts(ctx)
  made.set(ctx, attempts)
  return attempts
}

/** `attempts` may be those of a worker that dies, or whose database is away. */
export function deliver(ctx: Ctx, notificationId: string, attempts: Partial<Attempts> = {}): Promise<void> {
  return makeDeliver(ctx, { ...attemptsOf(ctx), ...attempts })(notificationId)
}
