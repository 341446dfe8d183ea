// The stage of conformance.ts for a vendor that speaks HTTP.
import { type Recorded, startVendor, type Vendor, type VendorAnswer, type VendorScript } from '../helper/vendor.ts'
import type { Stage } from './conformance.ts'

export interface HttpPart {
  accepts: VendorScript
  /** The vendor's own error body with these words, as a 4xx. */
  refuses(words: string): VendorAnswer
  /** The vendor's own body of a 429. */
  busy: unknown
  id(request: Recorded): string | null | undefined
}

export async function httpStage(part: HttpPart): Promise<Stage> {
  const vendor: Vendor = await startVendor()
  return {
    url: vendor.url,
    scenes: {
      accepts: () => vendor.answer(part.accepts),
      reset: () => vendor.answer('reset-after-read'),
      hang: () => vendor.answer('hang'),
      refuses: (words) => vendor.answer(part.refuses(words)),
      unreadable: () => vendor.answer({ status: 200, text: '<html>fine</html>' }),
      gateway502: () => vendor.answer({ status: 502, text: '<html>bad gateway</html>' }),
      busy: () => vendor.answer({ status: 429, headers: { 'retry-after': '7' }, json: part.busy }),
    },
    called: () => vendor.waitForRequests(1),
    ids: () => vendor.requests.map(part.id),
    connections: vendor.connections,
    close: vendor.close,
  }
}
