/** Where this browser keeps its device: IndexedDB, which holds keys without showing them, for this origin alone. */
import { openChannel } from '@chat-widget/client/browser'
import { createReopeningStore } from '@chat-widget/client/parts'
import type { DeviceId } from '@chat-widget/protocol'
import { promisifyRequest, type UseStore } from 'idb-keyval'

export interface DeviceRecord {
  readonly deviceId: DeviceId
  readonly identifier: string
  readonly keys: CryptoKeyPair
  /** From the moment the server is asked to take them until it said so: it may know these or `keys`. */
  readonly nextKeys?: CryptoKeyPair
  /** Recovery codes were made, and nobody said that they were saved. */
  readonly codesUnsaved?: true
}

const RECORD = 'this-device'
const CANDIDATE = 'next-device'

/** Shared by all pages of this origin. Every method that stores rejects where the browser refuses to. */
export type DeviceStore = ReturnType<typeof createDeviceStore>

export function createDeviceStore(name = 'chat-authenticator') {
  const { run } = createReopeningStore(name, 'device')
  const listeners = new Set<() => void>()
  // Without one, pages find out about each other when they are used.
  const pages = openChannel(name, () => {
    for (const listener of listeners) listener()
  })
  const tell = () => pages?.post(null)

  return {
    /** Names the lock that pages take turns by. */
    name,
    read: (): Promise<DeviceRecord | undefined> =>
      run((store) => store('readonly', (records) => get<DeviceRecord>(records, RECORD))),
    /** Resolves with what is kept: where another page has put another device there, that one stays. */
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
     * Keys for a device that is not there yet: the same ones until a device is written, for the server may have made a
     * device of them and its answer was lost. Rejects unless keys that are kept come back.
     */
    async candidate(make: () => Promise<CryptoKeyPair>): Promise<CryptoKeyPair> {
      // Made before: a transaction does not wait for anything but its own requests.
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
    /** Told when another page wrote or cleared. Returns the unsubscribe. */
    onChange(listener: () => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

const get = <Value>(records: IDBObjectStore, key: string): Promise<Value | undefined> =>
  promisifyRequest<Value | undefined>(records.get(key))

/** In one transaction; resolves when it is committed. */
function change<Value>(store: UseStore, work: (records: IDBObjectStore) => Promise<Value>): Promise<Value> {
  return store('readwrite', async (records) => {
    const value = await work(records)
    await promisifyRequest(records.transaction)
    return value
  })
}
