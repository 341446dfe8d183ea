// The routes of a notification's page and of what can be done there.
import type { PageRoute, Visit } from '../../http/dashboard/page.ts'
import { actRoute } from '../kit/acts.ts'
import type { NotificationAudit } from '../kit/shown.ts'
import { emailDocument } from './message-panel.tsx'
import { notificationPage } from './page.tsx'

const path = '/notifications/:id'

export function notificationRoutes(now: () => Date): PageRoute[] {
  return [
    { method: 'GET', path, right: 'read', answer: (visit) => notificationPage(visit, now(), false) },
    { method: 'POST', path: `${path}/reveal`, right: 'read', answer: (visit) => notificationPage(visit, now(), true) },
    { method: 'GET', path: `${path}/email`, right: 'read', answer: emailDocument },
    act('retry', async ({ api, params }) => {
      await api.send('POST', `/v1/notifications/${params.id}/retry`)
      return 'It is sent again. The timeline shows what comes of it.'
    }),
    act('cancel', async ({ api, params }) => {
      await api.send('POST', `/v1/notifications/${params.id}/cancel`)
      return 'It is cancelled and is not sent.'
    }),
    act('settle', async ({ api, params, form }) => {
      const sent = form.get('sent') === 'true'
      await api.send('POST', `/v1/notifications/${params.id}/settle`, { sent })
      return `It is settled as ${sent ? 'sent' : 'not sent'}. The timeline shows what follows.`
    }),
    act('suppress', async ({ api, params, form }) => {
      const { to, channel } = await api.get<NotificationAudit>(`/v1/notifications/${params.id}`)
      await api.send('PUT', `/v1/suppressions/${channel}/${encodeURIComponent(to ?? '')}`, {
        reason: form.get('reason') ?? '',
      })
      return `${to} is suppressed. Nothing is sent to it until the suppression is lifted.`
    }),
  ]
}

function act(name: string, work: (visit: Visit) => Promise<string>): PageRoute {
  return actRoute({ path: `${path}/${name}`, back: ({ params }) => `/dashboard/notifications/${params.id}`, act: work })
}
