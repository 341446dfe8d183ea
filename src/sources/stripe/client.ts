// Stripe's own package with an HTTP client that refuses answers which the package cannot take.
import Stripe from 'stripe'
import { isFields } from '../../wire/json.ts'

/** What Stripe, or a gateway in between, answered is not what its API answers. */
export class UnreadableAnswer extends Error {
  readonly statusCode: number

  constructor(statusCode: number) {
    super('the answer is no JSON object, or a refusal without an error')
    this.statusCode = statusCode
  }
}

/**
 * The package ends the process where an answer is JSON and no object, such as that of a gateway in between, and takes a refusal
 * without an `error` for what was asked for. Both are errors here like any answer that is not JSON.
 */
export function stripeClient(apiKey: string, config: Stripe.StripeConfig): Stripe {
  const httpClient = Stripe.createNodeHttpClient()
  const makeRequest = httpClient.makeRequest.bind(httpClient)
  httpClient.makeRequest = async (...request) => {
    const response = await makeRequest(...request)
    const toJSON = response.toJSON.bind(response)
    response.toJSON = async () => {
      const statusCode = response.getStatusCode()
      const answer: unknown = await toJSON().catch((error: unknown) => {
        // Any other error is that of a connection which broke.
        throw error instanceof SyntaxError ? new UnreadableAnswer(statusCode) : error
      })
      if (!isFields(answer) || (statusCode >= 400 && !isFields(answer.error))) throw new UnreadableAnswer(statusCode)
      return answer
    }
    return response
  }
  return new Stripe(apiKey, { ...config, httpClient })
}
