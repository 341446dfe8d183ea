// Runs the delivery stage without its workers, one step of a notification at a time.
import type { Ctx } from '../../src/context.ts'
import { type Attempts, makeAttempts } from '../../src/deliver/attempts.ts'
import { makeDeliver } from '../../src/deliver/deliver.ts'

const made = new WeakMap<Ctx, Attempts>()

/** The attempts writer of a process; concurrent writes share a transaction. */
export function attemptsOf(ctx: Ctx): Attempts {
  const attempts = made.get(ctx) ?? makeAttempts(ctx)
  made.set(ctx, attempts)
  return attempts
}

/** `attempts` overrides parts of the writer, to play a worker that dies or that has lost its database. */
export function deliver(ctx: Ctx, notificationId: string, attempts: Partial<Attempts> = {}): Promise<void> {
  return makeDeliver(ctx, { ...attemptsOf(ctx), ...attempts })(notificationId)
}
