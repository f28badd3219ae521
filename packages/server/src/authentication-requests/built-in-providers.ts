/** How this server itself has people asked: by a link in a mail, or on their devices; and whom it may ask. */
import type { AppId } from '@chat-widget/protocol'
import type {
  AuthenticationRequestStorage,
  StoredRequest,
} from '../storage/authentication-request-storage.ts'
import type { AuthenticatorStorage } from '../storage/authenticator-storage.ts'
import type { AuthenticationRequestProvider, RequestDelivery } from './authentication-requests.ts'

/** A link is delivered to the person, and the page behind it decides. */
export const linkProvider = (delivery: RequestDelivery): AuthenticationRequestProvider => ({
  async ask({ record, link, signal }) {
    await delivery.deliver({ record, link: await link(), signal })
    return 'pending'
  },
})

/** A request that is pending and may be shown is asked: devices that are not connected ask for it when they are. */
export const deviceProvider: AuthenticationRequestProvider = { ask: async () => 'pending' }

export interface ReachOptions {
  readonly requests: Pick<AuthenticationRequestStorage, 'isMuted'>
  readonly authenticators: Pick<AuthenticatorStorage, 'isReachable'>
  /** Whether the app's requests are decided elsewhere; they go by email alone. */
  readonly isForwarded: (app: AppId) => boolean
}

/** Whether the addressee may be asked at all; else the request is `unauthorized` ([AR12]). */
export function createReach({ requests, authenticators, isForwarded }: ReachOptions) {
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
