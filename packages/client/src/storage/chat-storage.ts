/** Storage of a client's data that must outlive the page. Values are structured-cloneable. */

export interface ChatStorage {
  /** Rejects if the store refuses; callers then continue in memory and report it ([DL5]). */
  get<Value>(key: string): Promise<Value | undefined>
  /**
   * Reads, changes and writes in one transaction, so that two tabs cannot lose each other's change; `undefined` deletes.
   * `isWhole`: `change` needs no value, so nothing has to be read. Default: it does.
   */
  update<Value>(key: string, change: (value: Value | undefined) => Value, isWhole?: boolean): Promise<void>
  /** `memory`: nothing outlives the page, by choice. Default `persistent`. */
  readonly kind?: 'persistent' | 'memory' | undefined
  /** `tab`: invisible to other tabs. Default: shared by the tabs of one origin. */
  readonly scope?: 'tab' | undefined
  /** True if the client is to write nothing before the visitor's first action. */
  readonly waitsForAction?: boolean | undefined
  /** Closes open resources. The store may be used again. */
  close?(): void
}
