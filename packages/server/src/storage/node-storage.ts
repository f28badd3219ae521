/** Server processes that use the database now. */

interface NodeRecord {
  readonly id: string
  /** Time of its last sign of life, by its own clock. Milliseconds since the epoch. */
  readonly seenAt: number
}

export interface NodeStorage {
  /** Writes a sign of life of this node, and resolves with those of the others since `since`. */
  beat(id: string, at: number, since: number): Promise<readonly NodeRecord[]>
  /** Removes a node that ends, and those that were not seen since. */
  remove(id: string, since: number): Promise<void>
}
