// Finds the methods that a path takes, so that another method is told apart from an unknown path.

export interface Route {
  methods: string[]
  /** Of its path; one that begins with a colon is a parameter. */
  segments: string[]
}

/** Empty where no route has the path. */
export function methodsAt(routes: Route[], path: string): string[] {
  const given = path.split('/')
  const matches = ({ segments }: Route) =>
    segments.length === given.length &&
    segments.every((segment, i) => (segment.startsWith(':') ? given[i] !== '' : segment === given[i]))
  return [...new Set(routes.filter(matches).flatMap(({ methods }) => methods))].sort()
}
