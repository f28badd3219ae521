/** Where this browser keeps its device: IndexedDB, which holds keys without showing them, for this origin alone. */
import { createReopeningStore } from '@chat-widget/client/parts'
import type { DeviceId } from '@chat-widget/protocol'
import { del, get, set } from 'idb-keyval'

export interface DeviceRecord {
  readonly deviceId: DeviceId
  readonly identifier: string
  readonly keys: CryptoKeyPair
  /** From the moment the server is asked to take them until it said so: it may know these or `keys`. */
  readonly nextKeys?: CryptoKeyPair
}

/** Every method rejects where the browser refuses to store. */
export interface DeviceStore {
  read(): Promise<DeviceRecord | undefined>
  write(record: DeviceRecord): Promise<void>
  clear(): Promise<void>
  /** Rejects unless keys that are kept come back: asked before the server makes a device of them. */
  probe(keys: CryptoKeyPair): Promise<void>
}

const RECORD = 'this-device'
const PROBE = 'probe'

export function createDeviceStore(databaseName = 'chat-authenticator'): DeviceStore {
  const run = createReopeningStore(databaseName, 'device')
  return {
    read: () => run((store) => get<DeviceRecord>(RECORD, store)),
    write: (record) => run((store) => set(RECORD, record, store)),
    clear: () => run((store) => del(RECORD, store)),
    async probe(keys) {
      await run((store) => set(PROBE, keys, store))
      const kept = await run((store) => get<CryptoKeyPair>(PROBE, store))
      await run((store) => del(PROBE, store))
      if (!(kept?.privateKey instanceof CryptoKey)) throw new Error('keys do not come back')
    },
  }
}
