/** Behaviour of every ready-made provider, for any vendor; then each one's own. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { RequestContextProvider } from '../chat-state.ts'
import type { TokenContextOptions } from './index.ts'
import {
  amplifyProvider,
  auth0Provider,
  clerkProvider,
  firebaseProvider,
  oidcProvider,
  supabaseProvider,
  TokenEndpointError,
  tokenEndpointProvider,
} from './index.ts'

const { signal } = new AbortController()

/** A vendor's client as its documentation describes it: it renews on demand only, and may have nobody signed in. */
interface Bench {
  readonly provider: RequestContextProvider
  /** True for each call that renewed. */
  readonly renewed: readonly boolean[]
}

type Make = (token: string | null, options?: TokenContextOptions) => Bench

const answering = (token: string | null, renewed: boolean) => (token === null ? null : `${token}:${renewed}`)

const oidc: Make = (token, options) => {
  const renewed: boolean[] = []
  const answer = (isRenewal: boolean) => async () => {
    renewed.push(isRenewal)
    const text = answering(token, isRenewal)
    return text === null ? null : { access_token: text, expired: false }
  }
  return {
    provider: oidcProvider({ getUser: answer(false), signinSilent: answer(true) }, options),
    renewed,
  }
}

const firebase: Make = (token, options) => {
  const renewed: boolean[] = []
  const user = {
    async getIdToken(forceRefresh = false) {
      renewed.push(forceRefresh)
      return answering(token, forceRefresh) ?? ''
    },
  }
  const auth = {
    currentUser: null as typeof user | null,
    async authStateReady() {
      auth.currentUser = token === null ? null : user
    },
  }
  return { provider: firebaseProvider(auth, options), renewed }
}

const supabase: Make = (token, options) => {
  const renewed: boolean[] = []
  const answer = (isRenewal: boolean) => async () => {
    renewed.push(isRenewal)
    const text = answering(token, isRenewal)
    if (text !== null) return { data: { session: { access_token: text } }, error: null }
    const missing = Object.assign(new Error('Auth session missing!'), { name: 'AuthSessionMissingError' })
    return { data: { session: null }, error: isRenewal ? missing : null }
  }
  const auth = { getSession: answer(false), refreshSession: answer(true) }
  return { provider: supabaseProvider({ auth }, options), renewed }
}

const auth0: Make = (token, options) => {
  const renewed: boolean[] = []
  const client = {
    async getTokenSilently({ cacheMode }: { cacheMode: 'on' | 'off' }) {
      renewed.push(cacheMode === 'off')
      const text = answering(token, cacheMode === 'off')
      if (text === null) throw Object.assign(new Error('Login required'), { error: 'login_required' })
      return text
    },
  }
  return { provider: auth0Provider(client, options), renewed }
}

const clerk: Make = (token, options) => {
  const renewed: boolean[] = []
  const session = {
    async getToken({ skipCache }: { skipCache: boolean }) {
      renewed.push(skipCache)
      return answering(token, skipCache)
    },
  }
  return { provider: clerkProvider({ session: token === null ? null : session }, options), renewed }
}

const amplify: Make = (token, options) => {
  const renewed: boolean[] = []
  const fetchAuthSession = async ({ forceRefresh }: { forceRefresh: boolean }) => {
    renewed.push(forceRefresh)
    const text = answering(token, forceRefresh)
    return text === null ? {} : { tokens: { idToken: { toString: () => text }, accessToken: {} } }
  }
  return { provider: amplifyProvider(fetchAuthSession, options), renewed }
}

const endpoint: Make = (token, options) => {
  const renewed: boolean[] = []
  vi.stubGlobal('fetch', async (url: string) => {
    const isRenewal = url.endsWith('?fresh=true')
    renewed.push(isRenewal)
    const text = answering(token, isRenewal)
    return text === null ? new Response(null, { status: 401 }) : Response.json({ token: text })
  })
  return { provider: tokenEndpointProvider({ url: '/chat-token', ...options }), renewed }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe.each([
  ['tokenEndpointProvider', endpoint, 'the token endpoint answered 401'],
  ['oidcProvider', oidc, 'oidc-client-ts: nobody is signed in'],
  ['firebaseProvider', firebase, 'Firebase: nobody is signed in'],
  ['supabaseProvider', supabase, 'Supabase: nobody is signed in'],
  ['auth0Provider', auth0, 'Auth0: nobody is signed in'],
  ['clerkProvider', clerk, 'Clerk: nobody is signed in'],
  ['amplifyProvider', amplify, 'Amplify: nobody is signed in'],
] as const)('%s', (_, make, refusal) => {
  it('[ID3] answers with the token at hand when a context is first needed', async () => {
    const { provider, renewed } = make('t')
    expect(await provider(false, { signal })).toEqual({ Auth: { Token: 't:false' } })
    expect(renewed).toEqual([false])
  })

  it('[ID4] answers with a renewed token when a refresh is needed', async () => {
    const { provider, renewed } = make('t')
    expect(await provider(true, { signal })).toEqual({ Auth: { Token: 't:true' } })
    expect(renewed.at(-1)).toBe(true)
  })

  it('puts the token where the host wants it', async () => {
    const { provider } = make('t', { toContext: (jwt) => ({ jwt }) })
    expect(await provider(false, { signal })).toEqual({ jwt: 't:false' })
  })

  it('[ID14] rejects when nobody is signed in', async () => {
    for (const needsRefresh of [false, true]) {
      await expect(async () => make(null).provider(needsRefresh, { signal })).rejects.toThrow(refusal)
    }
  })
})

describe('tokenEndpointProvider', () => {
  it('[ID5] posts with the cookies of the page and the signal of the call', async () => {
    const fetch = vi.fn(async (_url: string, _init: RequestInit) => Response.json({ jwt: 't' }))
    vi.stubGlobal('fetch', fetch)
    const provider = tokenEndpointProvider({
      url: '/token?for=chat',
      headers: { 'x-csrf-token': 'c' },
      readToken: (body) => (body as { jwt: string }).jwt,
    })
    expect(await provider(true, { signal })).toEqual({ Auth: { Token: 't' } })
    expect(fetch).toHaveBeenCalledExactlyOnceWith('/token?for=chat&fresh=true', {
      method: 'POST',
      credentials: 'same-origin',
      cache: 'no-store',
      headers: { accept: 'application/json', 'x-csrf-token': 'c' },
      signal,
    })
  })

  it('rejects with the status, and with a sentence when there is no token in the answer', async () => {
    const provider = tokenEndpointProvider({ url: '/token' })
    vi.stubGlobal('fetch', async () => new Response(null, { status: 503 }))
    const refused = await Promise.resolve(provider(false, { signal })).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(TokenEndpointError)
    expect(refused).toMatchObject({ status: 503 })
    for (const body of [{ token: 7 }, {}, null, 'text', { token: '' }]) {
      vi.stubGlobal('fetch', async () => Response.json(body))
      await expect(async () => provider(false, { signal })).rejects.toThrow(
        /without a token|nobody is signed in/,
      )
    }
  })
})

describe('oidcProvider', () => {
  const user = (expired: boolean) => ({ access_token: 'access', id_token: 'id', expired })

  it('renews a token that has expired already, and asks the issuer for nobody who signed out here', async () => {
    const signinSilent = vi.fn(async () => ({ ...user(false), access_token: 'renewed' }))
    const held = oidcProvider({ getUser: async () => user(true), signinSilent })
    expect(await held(false, { signal })).toEqual({ Auth: { Token: 'renewed' } })
    const nobody = oidcProvider({ getUser: async () => null, signinSilent })
    await expect(async () => nobody(true, { signal })).rejects.toThrow('nobody is signed in')
    expect(signinSilent).toHaveBeenCalledTimes(1)
  })

  it('takes the ID token where the host says so', async () => {
    const manager = { getUser: async () => user(false), signinSilent: async () => null }
    expect(await oidcProvider(manager, { token: 'id' })(false, { signal })).toEqual({ Auth: { Token: 'id' } })
  })

  it('[ID5] begins no silent sign-in for a call that was given up', async () => {
    const signinSilent = vi.fn(async () => user(false))
    const controller = new AbortController()
    const manager = {
      async getUser() {
        controller.abort()
        return user(true)
      },
      signinSilent,
    }
    await expect(async () => oidcProvider(manager)(true, controller)).rejects.toThrow('aborted')
    expect(signinSilent).not.toHaveBeenCalled()
  })
})

describe('the errors of the vendors', () => {
  it('pass through where they say something else than that nobody is signed in', async () => {
    const outage = Object.assign(new Error('outage'), { error: 'timeout' })
    const fails = async () => {
      throw outage
    }
    const answers = async () => ({ data: { session: null }, error: outage })
    const providers = [
      oidcProvider({ getUser: fails, signinSilent: fails }),
      firebaseProvider({ currentUser: { getIdToken: fails }, authStateReady: async () => {} }),
      supabaseProvider({ auth: { getSession: answers, refreshSession: answers } }),
      auth0Provider({ getTokenSilently: fails }),
      clerkProvider({ session: { getToken: fails } }),
      amplifyProvider(fails),
    ]
    for (const provider of providers) {
      await expect(async () => provider(false, { signal })).rejects.toBe(outage)
    }
  })
})

describe('clerkProvider and amplifyProvider', () => {
  it('ask for the template, and take the access token, where the host says so', async () => {
    const getToken = vi.fn(async () => 't')
    await clerkProvider({ session: { getToken } }, { template: 'chat' })(false, { signal })
    expect(getToken).toHaveBeenCalledWith({ skipCache: false, template: 'chat' })
    const tokens = { idToken: { toString: () => 'id' }, accessToken: { toString: () => 'access' } }
    const provider = amplifyProvider(async () => ({ tokens }), { token: 'access' })
    expect(await provider(false, { signal })).toEqual({ Auth: { Token: 'access' } })
  })
})
