/** Figures of the bench; units in growth-figures.json. */
export interface Figures {
  readonly messagesPerCoreSecond: number
  readonly bytesPerConnection: number
  readonly bytesPerMessage: number
  readonly bytesPerServer: number
  readonly connectionsPerServer: number
}

export interface Visitors {
  readonly aDay: number
  /** Part of the visitors who open the chat, 0 to 1. */
  readonly share: number
  /** Of one chat, of all sides. */
  readonly messages: number
  /** Time for which a chat is connected. */
  readonly minutes: number
  /** Part of a day's chats in its busiest hour, 0 to 1. */
  readonly peak: number
  /** Part of a core that is to be used at the peak, 0 to 1. */
  readonly load: number
}

export interface Cost {
  /** Messages stored in a second of the busiest hour. */
  readonly perSecond: number
  readonly connections: number
  readonly cores: number
  readonly servers: number
  /** Bytes, of all servers. */
  readonly memory: number
  /** Bytes. */
  readonly diskAYear: number
}

export function readFigures(): Figures
export function costOf(figures: Figures, visitors: Visitors): Cost
export function writeGrowthPage(): void
export function growthPageProblems(): string[]
