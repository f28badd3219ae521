/** The built-in provider: a link is delivered to the person, and the page behind it decides. */
import type { AuthenticationRequestProvider, RequestDelivery } from './authentication-requests.ts'

export function createLinkProvider(delivery: RequestDelivery): AuthenticationRequestProvider {
  return {
    async ask({ record, link, signal }) {
      await delivery.deliver({ record, link: await link(), signal })
      return 'pending'
    },
  }
}
