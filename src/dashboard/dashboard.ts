// The dashboard: its pages, by their paths.
import type { Ctx } from '../context.ts'
import type { DashboardPages } from '../http/dashboard/page.ts'
import { copyRoutes } from './copy/routes.ts'
import { eventRoutes } from './event/routes.tsx'
import { notificationRoutes } from './notification/routes.ts'
import { dataPreviewRoutes } from './notifier/data-preview.tsx'
import { notifierRoutes } from './notifier/notifier-page.tsx'
import { notifierListRoute } from './notifier/notifiers-page.tsx'
import { overviewRoute } from './overview/page.tsx'
import { preferenceRoutes } from './preferences-page.tsx'
import { problemPage } from './problem-page.tsx'
import { providerRoutes } from './providers-page.tsx'
import { replayRoutes } from './replay/page.tsx'
import { scheduleRoutes } from './schedules-page.tsx'
import { listRoutes } from './search/list-pages.tsx'
import { searchRoutes } from './search/search-page.tsx'
import { signInPage } from './sign-in-page.tsx'
import { suppressionRoutes } from './suppressions-page.tsx'
import { unconfirmedRoutes } from './unconfirmed/routes.tsx'

export function dashboardPages(ctx: Ctx): DashboardPages {
  const now = () => ctx.clock.now()
  const country = new Intl.Locale(ctx.defaults.locale).maximize().region ?? null
  return {
    routes: [
      overviewRoute(ctx),
      ...searchRoutes({ now, country }),
      ...listRoutes(now),
      ...notificationRoutes(now),
      ...eventRoutes(now),
      ...unconfirmedRoutes(now),
      ...providerRoutes(now),
      ...scheduleRoutes(now),
      ...replayRoutes(now),
      notifierListRoute,
      ...notifierRoutes(ctx),
      ...copyRoutes(ctx),
      ...dataPreviewRoutes,
      ...suppressionRoutes(now),
      ...preferenceRoutes,
    ],
    signIn: signInPage,
    problem: problemPage,
  }
}
