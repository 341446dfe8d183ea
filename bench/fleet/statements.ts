// Which steps of a delivery the statements of a stretch of work belong to.
import type { Statement } from '../profile.ts'

export interface Kinds {
  /** How often attempts were opened and closed, and jobs fetched. */
  opens: number
  closes: number
  /** Each step's part of the time that they took. */
  share: { fetch: number; open: number; close: number }
}

const patterns = {
  fetch: /posthorn_jobs/i,
  open: /insert into attempts|left join lateral|from messages|provider_health/i,
  close: /update attempts a set|for update of m/i,
  /** Half of it is opening, and half closing. */
  both: /from attempts a left join|update notification_states n set/i,
}
type Kind = keyof typeof patterns

export function kindsOf(statements: Statement[]): Kinds {
  const times: Record<Kind, number> = { fetch: 0, open: 0, close: 0, both: 0 }
  for (const { text, totalMs } of statements) {
    const kind = (Object.keys(patterns) as Kind[]).find((name) => patterns[name].test(text))
    if (kind) times[kind] += totalMs
  }
  const calls = (pattern: RegExp) => statements.reduce((sum, one) => sum + (pattern.test(one.text) ? one.calls : 0), 0)
  const all = times.fetch + times.open + times.close + times.both
  return {
    opens: calls(/insert into attempts/i),
    closes: calls(/update attempts a set/i),
    share: {
      fetch: times.fetch / all,
      open: (times.open + times.both / 2) / all,
      close: (times.close + times.both / 2) / all,
    },
  }
}
