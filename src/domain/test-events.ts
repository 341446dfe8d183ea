// What becomes of test events.
import { type Reason, reason } from './reason.ts'

/** What becomes of events of a vendor's test mode (`livemode: false`), and the variable that says so. */
export interface TestEvents {
  policy: 'send' | 'sandbox' | 'ignore'
  setting: string
}

/** Why an event is ignored as a test; null if it is not. */
export function ignoredAsTest(testEvents: TestEvents | null, livemode: boolean | null): Reason | null {
  if (livemode !== false || testEvents?.policy !== 'ignore') return null
  return reason('test_event', { setting: testEvents.setting })
}
