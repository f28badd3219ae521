/** Ready-made request context providers. Each takes the vendor's client; none depends on the vendor's package. */
export { type AmplifyOptions, amplifyProvider, type FetchAuthSession } from './amplify-provider.ts'
export { type Auth0Client, auth0Provider } from './auth0-provider.ts'
export { type Clerk, type ClerkOptions, clerkProvider } from './clerk-provider.ts'
export { type FirebaseAuth, firebaseProvider } from './firebase-provider.ts'
export { type OidcOptions, type OidcUserManager, oidcProvider } from './oidc-provider.ts'
export { type SupabaseClient, supabaseProvider } from './supabase-provider.ts'
export type { TokenContextOptions } from './token-context.ts'
export {
  TokenEndpointError,
  type TokenEndpointOptions,
  tokenEndpointProvider,
} from './token-endpoint-provider.ts'
