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
  /** Most are accepted, and closed by this statement alone. */
  close: /update attempts a set/i,
  open: /insert into attempts|for update of m|from messages|provider_health|from attempts a left join|update notification_states n set/i,
}
type Kind = keyof typeof patterns

export function kindsOf(statements: Statement[]): Kinds {
  const times: Record<Kind, number> = { fetch: 0, open: 0, close: 0 }
  for (const { text, totalMs } of statements) {
    const kind = (Object.keys(patterns) as Kind[]).find((name) => patterns[name].test(text))
    if (kind) times[kind] += totalMs
  }
  const calls = (pattern: RegExp) => statements.reduce((sum, one) => sum + (pattern.test(one.text) ? one.calls : 0), 0)
  const all = times.fetch + times.open + times.close
  return {
    opens: calls(/insert into attempts/i),
    closes: calls(/update attempts a set/i),
    share: {
      fetch: times.fetch / all,
      open: times.open / all,
      close: times.close / all,
    },
  }
}
