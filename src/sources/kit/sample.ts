// Sample events, as a source would send them.

/** Whom and when a sample event is about. `run` makes its ids unique. */
export interface SampleOf {
  email: string
  phone: string
  run: string
  nowMs: number
}

/** The body of an event. */
export type Sample = (about: SampleOf) => object
