/** Checks the providers against the types of the real packages: tsc fails here if a vendor changes what we call. */
import type { Auth0Client } from '@auth0/auth0-spa-js'
import type { fetchAuthSession as FetchAuthSession } from '@aws-amplify/auth'
import type { Clerk } from '@clerk/shared/types'
import type { Auth } from '@firebase/auth'
import type { GoTrueClient } from '@supabase/auth-js'
import type { UserManager } from 'oidc-client-ts'
import {
  amplifyProvider,
  auth0Provider,
  type Clerk as ClerkAsUsed,
  clerkProvider,
  firebaseProvider,
  oidcProvider,
  supabaseProvider,
} from './index.ts'

export interface Vendors {
  readonly auth0: Auth0Client
  readonly fetchAuthSession: typeof FetchAuthSession
  readonly clerk: Clerk
  readonly firebase: Auth
  /** `SupabaseClient.auth` is a `GoTrueClient`. */
  readonly supabase: { readonly auth: GoTrueClient }
  readonly oidc: UserManager
}

export const providersOf = (vendors: Vendors) => [
  auth0Provider(vendors.auth0),
  amplifyProvider(vendors.fetchAuthSession),
  clerkProvider(vendors.clerk),
  firebaseProvider(vendors.firebase),
  supabaseProvider(vendors.supabase),
  oidcProvider(vendors.oidc),
]

type TokenOptions<Session extends { getToken(...args: never[]): unknown } | null | undefined> = NonNullable<
  Parameters<NonNullable<Session>['getToken']>[0]
>
type UnknownToClerk = Exclude<
  keyof TokenOptions<ClerkAsUsed['session']>,
  keyof TokenOptions<Clerk['session']>
>
/** TypeScript accepts an unknown option beside one that Clerk knows; any such option would be missing here. */
export const optionsUnknownToClerk: Readonly<Record<UnknownToClerk, never>> = {}

/** A package whose types were not found would be `any`, and fit everywhere. */
export const misfits = (vendors: Vendors) => [
  // @ts-expect-error Firebase's client is not Auth0's
  auth0Provider(vendors.firebase),
  // @ts-expect-error Auth0's client is no function
  amplifyProvider(vendors.auth0),
  // @ts-expect-error the function of Amplify has no `currentUser`
  firebaseProvider(vendors.fetchAuthSession),
  // @ts-expect-error an OIDC user manager has no `auth`
  supabaseProvider(vendors.oidc),
  // @ts-expect-error Supabase's client has no `getUser` of its own
  oidcProvider(vendors.supabase),
  // @ts-expect-error a session of Clerk has `getToken`
  clerkProvider({ session: vendors.clerk }),
]
