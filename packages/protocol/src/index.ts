/** The wire contract between widget, console, bots and server. Zod schemas are in `@chat-widget/protocol/schemas`. */
export * from './agent-events.ts'
export * from './authentication-requests.ts'
export * from './authenticator.ts'
export * from './authenticator-limits.ts'
export * from './bot.ts'
export * from './email-address.ts'
export * from './errors.ts'
export * from './identity.ts'
export * from './identity-trace.ts'
export * from './ids.ts'
export * from './ip-address.ts'
export * as LIMITS from './limits.ts'
export * from './locale.ts'
export * from './message.ts'
export * from './plain-name.ts'
export type {
  AuthenticationRequestAnswer,
  AuthenticationRequestBody,
  AuthenticationRequestEvents,
} from './schemas/authentication-requests.ts'
export * from './team-events.ts'
export * from './version.ts'
export * from './visitor-events.ts'
export * from './webhook.ts'
export * from './webhook-events.ts'
