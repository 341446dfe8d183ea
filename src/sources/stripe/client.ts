// Stripe's own package with an HTTP client that refuses answers which the package cannot take.
import Stripe from 'stripe'
import { isFields } from '../../wire/json.ts'

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
      const answer: unknown = await toJSON()
      if (!isFields(answer)) throw new Error('the answer is no JSON object')
      if (response.getStatusCode() >= 400 && !isFields(answer.error)) throw new Error('the refusal has no error')
      return answer
    }
    return response
  }
  return new Stripe(apiKey, { ...config, httpClient })
}
