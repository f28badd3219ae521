/** @internal Zod schemas of all input from outside. For the server; browser bundles import only types. */

export { KINDS } from '../kinds/index.ts'
export { kindsBy, messageAuthor, messageWith } from '../kinds/message.ts'
export { timestamp } from '../kinds/schema-parts.ts'
export * from './agent.ts'
export * from './authentication-requests.ts'
export * from './authenticator.ts'
export * from './bot.ts'
export * from './common.ts'
export * from './conversation.ts'
export * from './rest.ts'
export * from './trace.ts'
export * from './visitor.ts'
