// Sends the requests of vendors' SDKs through our transport and returns its result. SDKs hide what we need: whether a
// connection was refused or reset, Retry-After, a success with a broken body.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { HttpRequest, HttpResult, Transport } from './http.ts'

export interface SdkCalls {
  /** Runs one call of the SDK and returns the result of its request. Throws if the SDK made no request. */
  run(signal: AbortSignal, sdkCall: () => Promise<unknown>): Promise<HttpResult>
  /** For the SDK's HTTP client. Throws for a second request in one call, which would be a retry. */
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
      if (!call || call.attempted) throw new Error('the SDK made a second request, or one outside of a call')
      call.attempted = true
      call.result = await transport.send({ ...request, signal: call.signal })
      return call.result
    },
  }
}
