// An act of an operator: the API does it, and the page that follows says what came of it.
import { ApiRefusal } from '../../http/dashboard/own-api.ts'
import type { Flash, PageAnswer, PageRoute, Visit } from '../../http/dashboard/page.ts'

interface ActProps {
  /** Below `/dashboard`. */
  path: string
  /** Where it leads, done or refused. */
  back(visit: Visit): string
  /** Answers what was done, as a sentence; or what else came of it. */
  act(visit: Visit): Promise<string | Flash>
}

export function actRoute({ path, back, act }: ActProps): PageRoute {
  return {
    method: 'POST',
    path,
    right: 'act',
    answer: async (visit): Promise<PageAnswer> => {
      try {
        const done = await act(visit)
        const flash: Flash = typeof done === 'string' ? { tone: 'good', text: done } : done
        return { kind: 'redirect', to: back(visit), flash }
      } catch (error) {
        if (!(error instanceof ApiRefusal) || error.problem.status >= 500) throw error
        return { kind: 'redirect', to: back(visit), flash: { tone: 'bad', text: refusalText(error) } }
      }
    },
  }
}

/** What was wrong, and each fault of the form. */
function refusalText({ problem }: ApiRefusal): string {
  const faults = (problem.errors ?? []).map(({ path, message }) => `${path} ${message}`)
  return [`Nothing was changed. ${problem.detail}`, ...faults].join(' ')
}
