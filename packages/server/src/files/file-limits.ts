/** Limits of files that no configuration changes. */

/** Pixels of the largest picture: browsers hold four bytes of each in memory. */
export const MOST_PIXELS = 100_000_000
/** Bytes of visitors at one address, in a day; of IPv6, a /64 is one. */
export const ADDRESS_BYTES_PER_DAY = 1024 ** 3
/** Time for which a ticket is good. Milliseconds. */
export const TICKET_MS = 3_600_000
/** Time after which a file that was never sent is deleted. Milliseconds. */
export const UNSENT_MS = 24 * 3_600_000
