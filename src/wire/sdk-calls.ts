// Where a vendor's SDK writes the request and our transport carries it. SDKs flatten what we must know (refused or reset, a
// Retry-After, an accepted message in a broken body), so the answer is taken from the wire, whatever the SDK makes of it.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { HttpRequest, HttpResult, Transport } from './http.ts'

export interface SdkCalls {
  /** Runs one call of the SDK and answers with what came over the wire. Throws only where no request was made. */
  run(signal: AbortSignal, sdkCall: () => Promise<unknown>): Promise<HttpResult>
  /** For the SDK's own transport hook. A second request in one call throws: repeating is ours to decide. */
  send(request: Omit<HttpRequest, 'signal'>): Promise<HttpResult>
}

interface Call {
  signal: AbortSignal
  attempted: boolean
  result: HttpResult | null
}

export function sdkCalls(transport: Transport): SdkCalls {
  const calls = new AsyncLocalStorage<Call>()
  return {
    async run(signal, sdkCall) {
      const call: Call = { signal, attempted: false, result: null }
      try {
        await calls.run(call, sdkCall)
      } catch (error) {
        if (!call.result) throw error
      }
      if (!call.result) throw new Error('the SDK made no request')
      return call.result
    },
    async send(request) {
      const call = calls.getStore()
      if (!call || call.attempted) throw new Error('an SDK made a request of its own accord')
      call.attempted = true
      call.result = await transport.send({ ...request, signal: call.signal })
      return call.result
    },
  }
}
