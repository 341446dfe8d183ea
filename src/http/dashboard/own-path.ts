// Where a sign-in or a form may lead: to pages of the dashboard only, so that nobody is sent elsewhere by a link.

/** A page of ours to go to: nothing else, whatever a link or a form says. */
export function ownPath(path: string | null): string {
  const { origin, pathname, search } = new URL('http://here.invalid/dashboard')
  const asked = path === null || !URL.canParse(path, origin) ? null : new URL(path, origin)
  const isOwn = asked?.origin === origin && /^\/dashboard(\/|$)/.test(asked.pathname) && path?.startsWith('/dashboard')
  return isOwn ? asked.pathname + asked.search : pathname + search
}
