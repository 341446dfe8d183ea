// What a page of the dashboard is given and answers. The pages stand in src/dashboard; only this room knows Fastify.
import type { Role } from '../../config/config.ts'
import type { ForAPerson } from '../../store/dashboard/for-a-person.ts'
import type { OwnApi, ProblemShown } from './own-api.ts'

export type Theme = 'light' | 'dark' | null

/** The result of a form, shown once on the page that follows. */
export interface Flash {
  tone: 'good' | 'ask' | 'bad'
  text: string
}

/** What every page is drawn with, signed in or not. */
export interface Surroundings {
  theme: Theme
  /** URLs, relative to the base. */
  assets: { sheet: string; script: string }
  /** The token of the page's forms, against forged ones. */
  csrf: string
  flash: Flash | null
}

/** The most that is counted of what waits for a person. */
export const mostWaiting = 100

export interface Visit extends Surroundings {
  who: { name: string; role: Role }
  mayAct: boolean
  /** Up to `mostWaiting` each. */
  waiting: ForAPerson
  /** Of what was given up before that, a person has had a day to look. */
  givenUpSince: Date
  /** The page's own path with its query. */
  here: string
  params: Record<string, string>
  query: URLSearchParams
  /** Of a POST; empty for a GET. */
  form: URLSearchParams
  api: OwnApi
}

export type PageAnswer =
  | { kind: 'page'; html: string; status?: number }
  | { kind: 'redirect'; to: string; flash?: Flash }
  /** A document for a frame of its own. `pictures`: where its pictures may come from, beside the document itself. */
  | { kind: 'document'; html: string; pictures: string }

export interface PageRoute {
  method: 'GET' | 'POST'
  /** Below `/dashboard`. */
  path: string
  right: 'read' | 'act'
  answer(visit: Visit): Promise<PageAnswer>
}

export interface SignInView extends Surroundings {
  /** Why it is shown again, or what happened before. */
  notice: { tone: 'still' | 'bad'; text: string } | null
  /** Where to go afterwards. */
  next: string
}

/** What the dashboard shows; its routes, sessions and headers are those of this room. */
export interface DashboardPages {
  routes: PageRoute[]
  signIn(view: SignInView): string
  /** `here`: where it happened, for what may be tried again. `visit` is null for people who are not signed in. */
  problem(problem: ProblemShown, view: Surroundings & { here: string }, visit: Visit | null): string
  /** What a problem says to a person in a browser. */
  says(problem: ProblemShown): string
}
