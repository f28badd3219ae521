/** The browser's store of its device: IndexedDB, which keeps keys without exposing them, for this origin only. */
import { openChannel } from '@chat-widget/client/browser'
import { createReopeningStore } from '@chat-widget/client/parts'
import type { DeviceId } from '@chat-widget/protocol'
import { promisifyRequest, type UseStore } from 'idb-keyval'

export interface DeviceRecord {
  readonly deviceId: DeviceId
  readonly identifier: string
  readonly keys: CryptoKeyPair
  /** Keys that the server was asked to accept and has not confirmed: it may know these or `keys`. */
  readonly nextKeys?: CryptoKeyPair
  /** True if recovery codes were made, and nobody confirmed that they were saved. */
  readonly codesUnsaved?: true
}

const RECORD = 'this-device'
const CANDIDATE = 'next-device'

/** Shared by all tabs of this origin. Methods that store reject if the browser refuses. */
export type DeviceStore = ReturnType<typeof createDeviceStore>

export function createDeviceStore(name: string) {
  const { run } = createReopeningStore(name, 'device')
  const listeners = new Set<() => void>()
  // Without a channel, tabs notice each other's changes when they are used.
  const pages = openChannel(name, () => {
    for (const listener of listeners) listener()
  })
  const tell = () => pages?.post(null)

  return {
    /** Name of the lock that tabs share. */
    name,
    read: (): Promise<DeviceRecord | undefined> =>
      run((store) => store('readonly', (records) => get<DeviceRecord>(records, RECORD))),
    /** Resolves with the stored record: if another tab has stored another device, that one stays. */
    async write(record: DeviceRecord): Promise<DeviceRecord> {
      const kept = await run((store) =>
        change(store, async (records) => {
          const before = await get<DeviceRecord>(records, RECORD)
          if (before !== undefined && before.deviceId !== record.deviceId) return before
          records.put(record, RECORD)
          records.delete(CANDIDATE)
          return record
        }),
      )
      if (kept === record) tell()
      return kept
    },
    async clear(): Promise<void> {
      await run((store) => change(store, async (records) => void records.delete(RECORD)))
      tell()
    },
    /**
     * Keys for a device that does not exist yet. They stay the same until a device is stored, as the server may have
     * made a device of them and its answer was lost. Rejects if the stored keys cannot be read back.
     */
    async candidate(make: () => Promise<CryptoKeyPair>): Promise<CryptoKeyPair> {
      // Made before the transaction, which waits only for its own requests.
      const made = await make()
      const kept = await run((store) =>
        change(store, async (records) => {
          const before = await get<CryptoKeyPair>(records, CANDIDATE)
          if (before === undefined) records.put(made, CANDIDATE)
        }),
      ).then(() => run((store) => store('readonly', (records) => get<CryptoKeyPair>(records, CANDIDATE))))
      if (!(kept?.privateKey instanceof CryptoKey)) throw new Error('keys do not come back')
      return kept
    },
    /** Calls back when another tab wrote or cleared the store. Returns the unsubscribe. */
    onChange(listener: () => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

const get = <Value>(records: IDBObjectStore, key: string): Promise<Value | undefined> =>
  promisifyRequest<Value | undefined>(records.get(key))

/** Runs in one transaction; resolves when it is committed. */
function change<Value>(store: UseStore, work: (records: IDBObjectStore) => Promise<Value>): Promise<Value> {
  return store('readwrite', async (records) => {
    const value = await work(records)
    await promisifyRequest(records.transaction)
    return value
  })
}
