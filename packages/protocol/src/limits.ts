/**
 * Numbers both sides hold each other to, exported as `LIMITS`: a constant each, so that a bundle holds those it reads.
 * Bytes are counted in UTF-8, times in milliseconds.
 */

/** A realtime payload or HTTP body. */
export const payloadBytes = 64 * 1024
/** A message's text, in UTF-16 code units as `String.length` counts them. */
export const textLength = 8_000
/** The JSON text of a context. */
export const contextBytes = 16 * 1024
/** Nesting of a context's objects and arrays. */
export const contextDepth = 16
export const userIdentifierLength = 256
export const buttonLength = 80
export const nameLength = 120
/** Messages in one fetch. */
export const fetchMessages = 200
/** The JSON text of the messages in one answer; what does not fit is fetched next. A single message always fits. */
export const answerBytes = 256 * 1024
/** A visitor's own conversations in their list: the newest. */
export const ownConversations = 20
/** At least this often a connected client is told the head seq of its conversation. */
export const headIntervalMs = 25_000
/** How long the provider may take. */
export const providerTimeoutMs = 30_000
/** How long after `expiresAt` events are still accepted on a live socket. */
export const contextGraceMs = 5_000
/** Largest difference between the server's clock and a token issuer's. */
export const clockSkewMs = 60_000
