/** Counts over a run's scenarios, so that a run that exercises nothing does not pass. */
export interface Tally {
  scenarios: number
  sent: number
  retried: number
  fetched: number
  signedIn: number
  merged: number
  signedOut: number
  forged: number
  /** Devices that connected with an ended secret. */
  replayed: number
  /** Handshakes the server refused. */
  refused: number
}

export const newTally = (): Tally => ({
  scenarios: 0,
  sent: 0,
  retried: 0,
  fetched: 0,
  signedIn: 0,
  merged: 0,
  signedOut: 0,
  forged: 0,
  replayed: 0,
  refused: 0,
})
