/** The provider of requests by identifier: whom it may ask, their devices show it, and one of them decides. */
import type { AppId } from '@chat-widget/protocol'
import type {
  AuthenticationRequestStorage,
  StoredRequest,
} from '../../storage/authentication-request-storage.ts'
import type { AuthenticatorStorage } from '../../storage/authenticator-storage.ts'
import type { AuthenticationRequestProvider } from '../authentication-requests.ts'

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
