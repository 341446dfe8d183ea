// An operator's wording of a notifier in a locale: shown to all; drafted, published and reverted by operators.
import { ApiRefusal } from '../../http/dashboard/own-api.ts'
import type { PageAnswer, PageRoute, Visit } from '../../http/dashboard/page.ts'
import { actRoute } from '../kit/acts.ts'
import type { Copy } from '../kit/shown.ts'
import { copyPage, copyPath, pagePath, type Reads } from './page.tsx'

export function copyRoutes(ctx: Reads): PageRoute[] {
  const back = ({ params, form }: Visit) => pagePath(params.name ?? '', form.get('locale') ?? '')
  return [
    {
      method: 'GET',
      path: '/notifiers/:name/copy',
      right: 'read',
      answer: async (visit) => copyPage(ctx, { visit, locale: visit.query.get('locale') ?? '', refused: null }),
    },
    { method: 'POST', path: '/notifiers/:name/copy', right: 'act', answer: (visit) => save(ctx, visit) },
    actRoute({
      path: '/notifiers/:name/copy/publish',
      back,
      act: async ({ api, params, form }) => {
        const path = `${copyPath(params.name ?? '', form.get('locale') ?? '')}/publish`
        const { published } = await api.send<Copy>('POST', path, { revision: form.get('revision') ?? '' })
        return `Version ${published?.version} is published. It counts from the next event on; messages that exist keep their wording.`
      },
    }),
    actRoute({
      path: '/notifiers/:name/copy/revert',
      back,
      act: async ({ api, params, form }) => {
        const path = `${copyPath(params.name ?? '', form.get('locale') ?? '')}/revert`
        const { published } = await api.send<Copy>('POST', path, { version: Number(form.get('version')) })
        const counts = published ? `Version ${published.version} counts again` : 'No version counts any more'
        return `Version ${form.get('version')} is reverted. ${counts}, from the next event on.`
      },
    }),
  ]
}

/** What cannot be saved is shown again as it was typed, with what is wrong beside it. */
async function save(ctx: Reads, visit: Visit): Promise<PageAnswer> {
  const { api, params, form } = visit
  const locale = form.get('locale') ?? ''
  const messages = messagesIn(form)
  try {
    await api.send('PUT', copyPath(params.name ?? '', locale), { messages, revision: form.get('revision') || null })
  } catch (error) {
    if (!(error instanceof ApiRefusal) || !['copy_invalid', 'conflict'].includes(error.problem.code)) throw error
    return copyPage(ctx, { visit, locale, refused: { messages, problem: error.problem } })
  }
  const flash = { tone: 'good' as const, text: 'The draft is saved. Nobody gets it before it is published.' }
  return { kind: 'redirect', to: pagePath(params.name ?? '', locale), flash }
}

/** An empty field leaves the message as it is without this wording. */
function messagesIn(form: URLSearchParams): Record<string, string> {
  const fields = [...form].filter(([name, text]) => name.startsWith('messages.') && text.trim() !== '')
  return Object.fromEntries(fields.map(([name, text]) => [name.slice('messages.'.length), text]))
}
