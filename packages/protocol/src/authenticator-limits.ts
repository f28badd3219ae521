/** Limits of the authenticator. */

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
