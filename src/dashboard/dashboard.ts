// The dashboard: its pages, by their paths.
import type { Ctx } from '../context.ts'
import type { DashboardPages } from '../http/dashboard-page.ts'
import { eventRoutes } from './event-routes.tsx'
import { listRoutes } from './list-pages.tsx'
import { notificationRoutes } from './notification-routes.ts'
import { overviewRoute } from './overview-page.tsx'
import { problemPage } from './problem-page.tsx'
import { searchRoutes } from './search-page.tsx'
import { signInPage } from './sign-in-page.tsx'

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
    ],
    signIn: signInPage,
    problem: problemPage,
  }
}
