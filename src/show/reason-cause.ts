// Says more exactly than a reason's code what is the matter, as a code of its own.
import { known, type StoredCode } from '../domain/coded.ts'
import { reasonCodes } from '../domain/reason.ts'
import { faultOf } from '../providers/index.ts'
import { listingCode } from './listing.ts'

/** Why an address is suppressed, or whose fault it is, where a report has said it; why no provider is available; why the sandbox took it. */
export function causeOf(stored: StoredCode): string | undefined {
  const reason = known(reasonCodes, stored)
  switch (reason?.code) {
    case 'suppressed_address':
      return listingCode(reason.params.listedAs)
    case 'rejected':
      return reason.params.suppress
    case 'bounced':
      return reason.params.suppress ?? faultIn(reason.params)
    case 'providers_unavailable':
      return reason.params.cause.kind
    case 'sandbox':
      return reason.params.cause
    default:
      return undefined
  }
}

function faultIn({ provider, code }: { provider?: string | undefined; code: string | null }): string | undefined {
  return (provider && code && faultOf(provider, code)) || undefined
}
