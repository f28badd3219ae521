/**
 * Limits that both sides enforce, exported as `LIMITS`. A constant each, so that a bundle contains only those it uses.
 * Bytes are counted in UTF-8, times in milliseconds.
 */

/** Size of a realtime payload or HTTP body. */
export const payloadBytes = 64 * 1024
/** Length of a message's text, in UTF-16 code units as `String.length` counts them. */
export const textLength = 8_000
/** Size of a context's JSON text. */
export const contextBytes = 16 * 1024
/** Depth of nested objects and arrays in a context. */
export const contextDepth = 16
export const userIdentifierLength = 256
export const buttonLength = 80
export const nameLength = 120
/** Length of a release's version. */
export const releaseLength = 40
/** Messages in one fetch. */
export const fetchMessages = 200
/** Size of the JSON text of one answer's messages; further ones are fetched next. A single message always fits. */
export const answerBytes = 256 * 1024
/** Newest conversations in a visitor's own list. */
export const ownConversations = 20
/** Longest interval at which a connected client gets the head seq of its conversation. */
export const headIntervalMs = 25_000
/** Time that the provider may take. */
export const providerTimeoutMs = 30_000
/** Time after `expiresAt` for which a live socket's events are still accepted. */
export const contextGraceMs = 5_000
/** Largest difference between the server's clock and a token issuer's. */
export const clockSkewMs = 60_000
