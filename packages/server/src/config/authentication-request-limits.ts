/** `authenticationRequests.limits` of an app ([AR7]), and their defaults. */

export interface CreationLimits {
  /** Requests for one addressee within 15 minutes before the cooldown begins. */
  readonly addresseeBurst: number
  /** From then on: the least time between two requests for that addressee. Seconds. */
  readonly addresseeCooldownSeconds: number
  /** Requests for one addressee within an hour; counted in the database. */
  readonly addresseePerHour: number
  /** Requests from one IP at once, and then per hour. Of IPv6, a /64 counts as one. */
  readonly ipBurst: number
  readonly ipPerHour: number
  /** Callers from one IP that wait at the same time. */
  readonly ipWaits: number
  /** Requests for the app at once, and then per hour. */
  readonly appBurst: number
  readonly appPerHour: number
}

/** Limits of one visitor's session, in the chat: at once, and then per hour. */
export interface ChatLimits {
  readonly sessionBurst: number
  readonly sessionPerHour: number
}

/**
 * Limits by kind of caller: with a key of the app, in the chat, without a key. Each kind is counted apart; callers in
 * the chat have the numbers of those without a key, and each session is counted besides.
 */
export interface AuthenticationRequestLimits {
  readonly withoutKey: CreationLimits
  readonly withKey: CreationLimits
  /** Default: 5, and then 12 an hour. */
  readonly inChat?: ChatLimits
  /**
   * Requests for one addressee within an hour, over all kinds; default 60. Beyond it those without a key are refused
   * first, then those in the chat; those with a key have `withKey.addresseePerHour` alone.
   */
  readonly addresseePerHour?: number
}

export const DEFAULT_REQUEST_LIMITS: Required<AuthenticationRequestLimits> = {
  withoutKey: {
    addresseeBurst: 3,
    addresseeCooldownSeconds: 30,
    addresseePerHour: 6,
    ipBurst: 20,
    ipPerHour: 60,
    ipWaits: 20,
    appBurst: 200,
    appPerHour: 2_000,
  },
  withKey: {
    addresseeBurst: 10,
    addresseeCooldownSeconds: 5,
    addresseePerHour: 60,
    ipBurst: 1_000,
    ipPerHour: 20_000,
    ipWaits: 10_000,
    appBurst: 1_000,
    appPerHour: 20_000,
  },
  inChat: { sessionBurst: 5, sessionPerHour: 12 },
  addresseePerHour: 60,
}
