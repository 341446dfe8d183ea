// Takes the workers' own looks for jobs away, so that what they do was found for them.
import { PgBoss } from 'pg-boss'
import { vi } from 'vitest'

const neverSeconds = 24 * 3600

/** Until mocks are restored: workers that are started look by themselves only at their start. */
export function neverPolling(): void {
  const work = PgBoss.prototype.work as (...args: unknown[]) => Promise<string>
  vi.spyOn(PgBoss.prototype, 'work').mockImplementation(function (this: PgBoss, name, options, handler) {
    const seldom = { ...options, notifyPollingIntervalSeconds: neverSeconds }
    return work.call(this, name, seldom, handler)
  } as typeof PgBoss.prototype.work)
}
