/** Providers of this server itself: a link in a mail, or the person's devices; and the check whom it may ask. */
import type { AppId } from '@chat-widget/protocol'
import type {
  AuthenticationRequestStorage,
  StoredRequest,
} from '../storage/authentication-request-storage.ts'
import type { AuthenticatorStorage } from '../storage/authenticator-storage.ts'
import type { AuthenticationRequestProvider, RequestDelivery } from './authentication-requests.ts'

/** Delivers a link to the person; the page behind it decides. */
export const linkProvider = (delivery: RequestDelivery): AuthenticationRequestProvider => ({
  async ask({ record, link, signal }) {
    await delivery.deliver({ record, link: await link(), signal })
    return 'pending'
  },
})

/** Nothing to send: a pending request counts as asked, and devices fetch theirs when they connect. */
export const deviceProvider: AuthenticationRequestProvider = { ask: async () => 'pending' }

export interface ReachabilityOptions {
  readonly requests: Pick<AuthenticationRequestStorage, 'isMuted'>
  readonly authenticators: Pick<AuthenticatorStorage, 'isReachable'>
  /** True if another server decides the app's requests; those go by email only. */
  readonly isForwarded: (app: AppId) => boolean
}

/** Checks if the addressee may be asked at all; else the request is `unauthorized` ([AR12]). */
export function createReachabilityCheck({ requests, authenticators, isForwarded }: ReachabilityOptions) {
  return async ({ app, addressee, creator }: StoredRequest): Promise<boolean> => {
    switch (addressee.kind) {
      case 'email':
        return !(await requests.isMuted(app, addressee, creator))
      case 'identifier':
        return !isForwarded(app) && authenticators.isReachable(addressee.identifier, app, creator)
      case 'scan':
        return !isForwarded(app)
      default:
        return addressee satisfies never
    }
  }
}
