/** Tables of authentication requests and of authenticators, as in `schema.ts`. */
import type {
  AppId,
  Asked,
  AuthenticationRequestId,
  AuthenticationRequestStatus,
  BindingMode,
  ConversationId,
  DeviceId,
} from '@chat-widget/protocol'
import type { StoredRequest } from './authentication-request-storage.ts'

export interface AuthenticationRequestsTable {
  id: AuthenticationRequestId
  app: AppId
  addressee_kind: Asked['kind']
  /** An email in lower case, an identifier, or the request's own id until somebody scans its code. */
  addressee: string
  /** An email as it was written; mail servers may distinguish its case. */
  address: string | null
  /** 1 if it is for the person who scans its code. */
  is_scan: 0 | 1
  status: AuthenticationRequestStatus
  /** JSON of `CallerClaims`. */
  claims: string
  binding: BindingMode
  creator: StoredRequest['creator']
  creator_secret_hash: string
  created_at: number
  expires_at: number
  decided_at: number | null
  subject: string | null
  response: string | null
  /** Compact JWS of `DeviceAnswerClaims`, if a device decided ([AR13]). */
  answer: string | null
  /** Time at which an approval was claimed. */
  consumed_at: number | null
  delivery: StoredRequest['delivery']
  wrong_codes: number
  is_locked: 0 | 1
  is_replaced: 0 | 1
  /** Position among the app's outcomes, in the order of their ends; `null` while pending. */
  place: number | null
  /** The conversation in which a visitor asked in the chat. */
  conversation_id: ConversationId | null
  /** Hash of the claimant: the same claim again is recognised by it. */
  claimed_by: string | null
  /** Time of its end; `null` while pending. */
  ended_at: number | null
}

export interface AuthenticationRequestLinksTable {
  token_hash: string
  request_id: AuthenticationRequestId
  created_at: number
}

export interface AuthenticationAddresseesTable {
  app: AppId
  addressee_kind: Asked['kind']
  addressee: string
  asked_at: number
}

export interface AuthenticationMutesTable {
  app: AppId
  addressee_kind: Asked['kind']
  addressee: string
  /** Kind of caller that is muted. */
  creator: StoredRequest['creator']
  muted_at: number
}

export interface AuthenticationPlacesTable {
  app: AppId
  /** The last place given to an outcome of the app. */
  last: number
}

export interface AuthenticatorPeopleTable {
  /** Ten digits. */
  identifier: string
  created_at: number
}

export interface AuthenticatorDevicesTable {
  id: DeviceId
  identifier: string
  name: string
  /** JSON of `DevicePublicKey`. */
  public_key: string
  added_at: number
  seen_at: number
  removed_at: number | null
}

export interface AuthenticatorCodesTable {
  code_hash: string
  identifier: string
  kind: 'invitation' | 'recovery'
  made_by: DeviceId
  created_at: number
  /** `null`: never. */
  expires_at: number | null
  used_at: number | null
}

export interface AuthenticatorConnectionsTable {
  identifier: string
  app: AppId
  connected_at: number
}
