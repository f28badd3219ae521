/** @internal Parts for other pages of the same server: a kept-up connection, a clock, a store. */
export { holdLock } from '../browser/web-locks.ts'
export type { ConnectionState } from '../chat-state.ts'
export { Connection, type ConnectionEvents, type ConnectionOptions } from '../connection/connection.ts'
export type { Details, Reply, ReplyError, RequestOf, ValueOf } from '../connection/event-maps.ts'
export { createFullJitterPolicy, type ReconnectPolicy } from '../connection/reconnect-policy.ts'
export { createServerClock, type ServerClock } from '../identity/server-clock.ts'
export { createReopeningStore, type ReopeningStore } from '../storage/reopening-store.ts'
export { createEmitter, type Emitter } from '../util/emitter.ts'
