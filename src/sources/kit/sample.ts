// Sample events, as a source would send them.

/** Whom and when a sample event is about. `run` makes its ids unique. */
export interface SampleOf {
  email: string | null
  phone: string | null
  /** Their id at the source. */
  customer: string
  run: string
  nowMs: number
}

/** The body of an event. */
export type Sample = (about: SampleOf) => object

/** The webhook that the demo sends as a source. */
export interface Demo {
  /** The variables with which the webhook is verified. */
  env: Record<string, string>
  webhook(now: Date): { title: string; headers: Record<string, string>; body: string }
}
