/** Admits visitors: checks the app, the page's origin and the session. */
import type { IncomingMessage } from 'node:http'
import { type AppId, ChatError, LIMITS } from '@chat-widget/protocol'
import { visitorHandshake } from '@chat-widget/protocol/schemas'
import type { AppConfig } from '../config/config.ts'
import type { HeldSession, IdentityService } from '../identity/identity-service.ts'
import { originAllowed } from '../network/origins.ts'
import { type Language, languageOf } from '../text/language.ts'
import { readHandshake } from './handshake.ts'

export interface AdmittedVisitor {
  readonly appId: AppId
  /** The app's present configuration. Throws `unknown-app` if it was removed. */
  readonly app: () => AppConfig
  /** `null` for a device that connects to identify itself ([ID14]). */
  readonly held: HeldSession | null
  /** Token of a session made by this handshake. */
  readonly token: string | null
  /** The client's release; undefined if it names none. */
  readonly release: string | undefined
  /** Number of the newest messages to bring with `ready` ([DL18]); 0 for none. */
  readonly newest: number
  /** Language of the chat, if the client named one that the server has. */
  readonly language: Language | undefined
}

export type VisitorAdmission = ReturnType<typeof createVisitorAdmission>

export function createVisitorAdmission({
  apps,
  identity,
  newSession,
}: {
  readonly apps: ReadonlyMap<AppId, AppConfig>
  readonly identity: IdentityService
  /** Counts a session before it is made. Rejects if there are too many. */
  readonly newSession: (request: IncomingMessage) => Promise<void>
}) {
  const known = (id: AppId): AppConfig => {
    const app = apps.get(id)
    if (app === undefined) throw new ChatError('unknown-app', 'There is no such app on this server.')
    return app
  }

  return {
    /** True if the configuration, which may have changed, still admits the visitor. */
    mayStay(id: AppId, origin: string | undefined): boolean {
      const app = apps.get(id)
      return app !== undefined && (origin === undefined || originAllowed(origin, app.origins))
    },
    /** Rejects with a `ChatError` for the device. */
    async admit({
      auth,
      newest,
      origin,
      request,
    }: {
      readonly auth: unknown
      /** Its value in the socket's address. */
      readonly newest: unknown
      readonly origin: string | undefined
      readonly request: IncomingMessage
    }): Promise<AdmittedVisitor> {
      const handshake = readHandshake(visitorHandshake, auth)
      const app = known(handshake.app as AppId)
      const current = () => known(app.id)
      // Without the header it is no browser: such a client has no visitor's cookies and could send any origin.
      if (origin !== undefined && !originAllowed(origin, app.origins)) {
        throw new ChatError(
          'origin-refused',
          `The origin ${quotable(origin)} is not on the list of this app.`,
        )
      }
      const { release, session, locale = '' } = handshake
      const admitted = {
        appId: app.id,
        app: current,
        release,
        newest: countOf(newest),
        language: languageOf(locale),
      }
      if (session !== undefined) {
        const held = await identity.resume(app, session)
        // A device that is to sign in does not show the anonymous visitor's conversation.
        const shows = held.session.user !== null || handshake.intent === 'anonymous'
        return { ...admitted, newest: shows ? admitted.newest : 0, held, token: null }
      }
      switch (handshake.intent) {
        case 'identify':
          return { ...admitted, held: null, token: null }
        case 'anonymous':
          await newSession(request)
          return { ...admitted, ...(await identity.startAnonymous(app)) }
        default:
          return handshake.intent satisfies never
      }
    },
  }
}

/** A number of messages; 0 for anything else. */
const countOf = (asked: unknown): number => {
  const count = Number(asked)
  return Number.isInteger(count) && count > 0 && count <= LIMITS.fetchMessages ? count : 0
}

/** Quotes the origin for the site developer, but only if it is a valid one: a header may hold anything else. */
function quotable(origin: string): string {
  return origin.replaceAll(/[^\w.:/[\]-]/g, '?').slice(0, 200)
}
