/** The shop's client for authentication requests, with the app's key. */
import {
  type Authentication,
  type AuthenticationClient,
  createAuthenticationClient,
} from '@chat-widget/authentication-requests'

export interface ShopAuthenticationOptions {
  readonly chatUrl: () => string
  readonly apiKey: string
}

export interface ShopAuthentication {
  authentication(): Authentication
  close(): void
}

export function createShopAuthentication({ chatUrl, apiKey }: ShopAuthenticationOptions): ShopAuthentication {
  let client: AuthenticationClient | undefined
  return {
    authentication() {
      // Created when needed: the chat server starts after the shop.
      client ??= createAuthenticationClient({
        server: chatUrl(),
        app: 'shop',
        applicationTitle: 'Northwind shop',
        apiKey,
      })
      return client.authentication()
    },
    close: () => client?.close(),
  }
}
