// The dashboard: its pages, by their paths.
import type { Ctx } from '../context.ts'
import type { DashboardPages } from '../http/dashboard-page.ts'
import { eventRoutes } from './event-routes.tsx'
import { listRoutes } from './list-pages.tsx'
import { notificationRoutes } from './notification-routes.ts'
import { problemPage } from './problem-page.tsx'
import { searchRoutes } from './search-page.tsx'
import { signInPage } from './sign-in-page.tsx'

export function dashboardPages({ clock, defaults }: Pick<Ctx, 'clock' | 'defaults'>): DashboardPages {
  const now = () => clock.now()
  const country = new Intl.Locale(defaults.locale).maximize().region ?? null
  return {
    routes: [
      ...listRoutes(now)
        .slice(0, 1)
        .map((home) => ({ ...home, path: '/' })),
      ...searchRoutes({ now, country }),
      ...listRoutes(now),
      ...notificationRoutes(now),
      ...eventRoutes(now),
    ],
    signIn: signInPage,
    problem: problemPage,
  }
}
