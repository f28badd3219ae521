/** Numbers both sides hold each other to. Bytes are counted in UTF-8, times in milliseconds. */
export const LIMITS = {
  /** A realtime payload or HTTP body. */
  payloadBytes: 64 * 1024,
  /** A message's text, in UTF-16 code units as `String.length` counts them. */
  textLength: 8_000,
  /** The JSON text of a context. */
  contextBytes: 16 * 1024,
  /** Nesting of a context's objects and arrays. */
  contextDepth: 16,
  userIdentifierLength: 256,
  buttonLength: 80,
  nameLength: 120,
  /** Messages in one fetch. */
  fetchMessages: 200,
  /** The JSON text of the messages in one answer; what does not fit is fetched next. A single message always fits. */
  answerBytes: 256 * 1024,
  /** A visitor's own conversations in their list: the newest. */
  ownConversations: 20,
  /** At least this often a connected client is told the head seq of its conversation. */
  headIntervalMs: 25_000,
  /** How long the provider may take. */
  providerTimeoutMs: 30_000,
  /** How long after `expiresAt` events are still accepted on a live socket. */
  contextGraceMs: 5_000,
  /** Largest difference between the server's clock and a token issuer's. */
  clockSkewMs: 60_000,
} as const

/** Of devices, their codes and answers. */
export const AUTHENTICATOR_LIMITS = {
  identifierDigits: 10,
  deviceNameLength: 60,
  devices: 10,
  recoveryCodes: 8,
  /** Address to go back to after an app was connected. */
  callbackLength: 2_048,
  /** Seconds. */
  invitationSeconds: 600,
  /** Longest time between `iat` and `exp` of an answer, and how far `iat` may be off. Seconds. */
  answerSeconds: 120,
} as const
