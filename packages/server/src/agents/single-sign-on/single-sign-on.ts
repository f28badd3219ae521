/** Signs agents in by an issuer of OpenID Connect ([AG7] to [AG10]). */
import { type AgentRole, LIMITS, type SignInMethods } from '@chat-widget/protocol'
import type { IssuerConfig, SignInConfig } from '../../config/config.ts'
import { createRateLimit } from '../../limits/rate-limits.ts'
import type { Storage } from '../../storage/storage.ts'
import type { AgentAccounts, ConsoleSession } from '../agent-accounts.ts'
import { accountOf, claimsNeeded } from './issuer-account.ts'
import type { IssuerClient } from './issuer-client.ts'
import { createSealedSecrets, SIGN_IN_MS } from './sealed-secrets.ts'
import { SingleSignOnError } from './single-sign-on-error.ts'

export interface SingleSignOnOptions {
  readonly config: SignInConfig | undefined
  readonly storage: Pick<Storage, 'agents' | 'serverKeys'>
  readonly accounts: AgentAccounts
  /** Address at which browsers reach the server, without a slash at its end. */
  readonly publicUrl: () => string
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number
}

export type SingleSignOn = ReturnType<typeof createSingleSignOn>

export function createSingleSignOn({
  storage,
  accounts,
  publicUrl,
  now = Date.now,
  ...given
}: SingleSignOnOptions) {
  let config = given.config
  let client: IssuerClient | null = null
  const secrets = createSealedSecrets(storage.serverKeys, now)
  /** States that came back: of one cookie, one answer is taken. */
  const used = createRateLimit({ burst: 1, perSecond: 1_000 / SIGN_IN_MS })
  const redirectUri = () => `${publicUrl()}/console/oidc/callback`

  function configured(): IssuerConfig {
    if (config?.issuer === undefined) throw new SingleSignOnError('failed', 'no issuer is configured')
    return config.issuer
  }

  async function clientOf(issuer: IssuerConfig): Promise<IssuerClient> {
    if (client?.isFor(issuer) === true) return client
    const { createIssuerClient } = await import('./issuer-client.ts')
    client = createIssuerClient(issuer, {
      needs: claimsNeeded(issuer),
      clockSkewMs: LIMITS.clockSkewMs,
      now,
    })
    return client
  }

  return {
    get methods(): SignInMethods {
      const { passwords = 'all', issuer } = config ?? {}
      return { passwords, issuer: issuer === undefined ? null : { name: issuer.name } }
    },
    allowsPassword: (role: AgentRole): boolean => config?.passwords !== 'owners' || role === 'owner',
    /** True if browsers reach the server by https, so that its cookies are for that alone. */
    isSecure: (): boolean => publicUrl().startsWith('https://'),
    replace(next: SignInConfig | undefined): void {
      config = next
    },

    /** Resolves with the issuer's page, and with what the browser keeps until the answer. */
    async begin(): Promise<{ readonly page: string; readonly sealed: string }> {
      const issuer = configured()
      const begun = await (await clientOf(issuer)).begin(redirectUri())
      const { url, clientId } = issuer
      return {
        page: begun.page.href,
        sealed: await secrets.seal({ ...begun.secrets, issuer: url, clientId }),
      }
    },

    /** Takes the issuer's answer, the query of the callback. Rejects with `SingleSignOnError`. */
    async finish(
      query: string,
      { sealed, device }: { readonly sealed: string | undefined; readonly device: string },
    ): Promise<ConsoleSession> {
      const issuer = configured()
      const begun = sealed === undefined ? null : await secrets.open(sealed)
      if (begun === null) throw new SingleSignOnError('expired', 'no sign-in has begun')
      if (begun.issuer !== issuer.url || begun.clientId !== issuer.clientId)
        throw new SingleSignOnError('expired', 'it began at another issuer')
      const callback = new URL(redirectUri())
      callback.search = query
      if (callback.searchParams.get('state') !== begun.state)
        throw new SingleSignOnError('expired', 'it is another sign-in’s answer')
      if ((await used.take(begun.state)) > 0) throw new SingleSignOnError('expired', 'it was used before')
      const answer = await (await clientOf(issuer)).finish(callback, begun)
      const id = await accountOf(answer, issuer, { agents: storage.agents, accounts, now })
      const session = await accounts.openSession(id, device)
      if (session === null) throw new SingleSignOnError('refused', 'the account was removed')
      return session
    },
  }
}
