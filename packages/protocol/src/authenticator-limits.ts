/** Limits of the authenticator. */

/** Limits of devices, their codes and answers. */
export const AUTHENTICATOR_LIMITS = {
  identifierDigits: 10,
  deviceNameLength: 60,
  devices: 10,
  recoveryCodes: 8,
  /** Length of the URL to go back to after an app was connected. */
  callbackLength: 2_048,
  /** Seconds. */
  invitationSeconds: 600,
  /** Longest time between `iat` and `exp` of an answer, and largest error of `iat`. Seconds. */
  answerSeconds: 120,
} as const
