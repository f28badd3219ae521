/** Where a client keeps what must outlive the page. Values are structured-cloneable. */

export interface ChatStorage {
  /** Rejects when the store refuses; callers then go on in memory and say so ([DL5]). */
  get<Value>(key: string): Promise<Value | undefined>
  set(key: string, value: unknown): Promise<void>
  /** Reads, changes and writes in one transaction, so that two tabs cannot lose each other's change. */
  update<Value>(key: string, change: (value: Value | undefined) => Value): Promise<void>
  delete(key: string): Promise<void>
  /** All keys of this app. */
  keys(): Promise<readonly string[]>
  /** `memory`: nothing outlives the page, by choice. Default `persistent`. */
  readonly kind?: 'persistent' | 'memory'
  /** `tab`: other tabs see nothing of it. Default: shared by the tabs of one origin. */
  readonly scope?: 'tab'
  /** Told of the visitor's first action; a store that waited for it begins to persist. */
  activate?(): void
  /** Lets go of what it holds open. It may be used again. */
  close?(): void
}
