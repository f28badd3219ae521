/** Providers over the vendors' own code, as far as it runs without a browser and without the vendor's service. */
import { GenericError } from '@auth0/auth0-spa-js'
import { GoTrueClient } from '@supabase/auth-js'
import { InMemoryWebStorage, User, UserManager, WebStorageStateStore } from 'oidc-client-ts'
import { describe, expect, it } from 'vitest'
import { auth0Provider, oidcProvider, supabaseProvider } from './index.ts'

const { signal } = new AbortController()
/** One for all, so that two tokens differ only by their claims. */
const SOON_SECONDS = Math.floor(Date.now() / 1_000) + 600

describe('oidcProvider over a real UserManager', () => {
  it('answers with the token of the stored user, and with a new one when a refresh is needed', async () => {
    const store = new WebStorageStateStore({ store: new InMemoryWebStorage() })
    const manager = new UserManager({
      authority: 'https://id.example.com',
      client_id: 'shop',
      redirect_uri: 'https://shop.example.com/back',
      userStore: store,
      stateStore: store,
      automaticSilentRenew: false,
    })
    const provider = oidcProvider(manager)
    await expect(async () => provider(false, { signal })).rejects.toThrow('nobody is signed in')
    const user = (access_token: string) =>
      new User({
        access_token,
        token_type: 'Bearer',
        profile: { sub: 'alex', iss: 'https://id.example.com', aud: 'shop', exp: 0, iat: 0 },
        expires_at: SOON_SECONDS,
      })
    await manager.storeUser(user('first'))
    manager.signinSilent = async () => user('second')
    expect(await provider(false, { signal })).toEqual({ Auth: { Token: 'first' } })
    expect(await provider(true, { signal })).toEqual({ Auth: { Token: 'second' } })
  })
})

describe('supabaseProvider over a real GoTrueClient', () => {
  it('asks the service for a new token when a refresh is needed, and only then', async () => {
    const paths: string[] = []
    const jwt = (name: string) =>
      ['{"alg":"ES256","typ":"JWT"}', JSON.stringify({ name, exp: SOON_SECONDS }), 'signature']
        .map((part) => Buffer.from(part).toString('base64url'))
        .join('.')
    const session = (name: string) => ({
      access_token: jwt(name),
      refresh_token: `refresh-${name}`,
      token_type: 'bearer',
      expires_in: 600,
      expires_at: SOON_SECONDS,
      user: { id: 'alex' },
    })
    const auth = new GoTrueClient({
      url: 'https://ref.supabase.example/auth/v1',
      autoRefreshToken: false,
      persistSession: false,
      fetch: async (input) => {
        const { pathname, search } = new URL(String(input))
        paths.push(pathname + search)
        return Response.json(pathname.endsWith('/user') ? { id: 'alex' } : session('second'))
      },
    })
    const provider = supabaseProvider({ auth })
    for (const needsRefresh of [false, true]) {
      await expect(async () => provider(needsRefresh, { signal })).rejects.toThrow('nobody is signed in')
    }
    const first = session('first')
    await auth.setSession(first)
    paths.length = 0
    expect(await provider(false, { signal })).toEqual({ Auth: { Token: first.access_token } })
    expect(paths).toEqual([])
    expect(await provider(true, { signal })).toEqual({ Auth: { Token: jwt('second') } })
    expect(paths).toEqual(['/auth/v1/token?grant_type=refresh_token'])
  })
})

describe("auth0Provider with Auth0's own errors", () => {
  it('knows the one that says that nobody is signed in', async () => {
    const refusing = (code: string) =>
      auth0Provider({
        async getTokenSilently() {
          throw new GenericError(code, code)
        },
      })
    await expect(async () => refusing('login_required')(false, { signal })).rejects.toThrow(
      'nobody is signed in',
    )
    await expect(async () => refusing('timeout')(false, { signal })).rejects.toBeInstanceOf(GenericError)
  })
})
