/** The storage of a client: validated when read, never rejecting, with its problems reported. */
import type { ClientErrorCode } from '@chat-widget/protocol'
import type { ChatStorage } from './chat-storage.ts'
import { createCheckedStorage } from './checked-storage.ts'
import { createResilientStorage, type ResilientStorage } from './resilient-storage.ts'
import { STORED_CHECKS } from './stored-checks.ts'
import { createTabStorage } from './tab-storage.ts'

export interface ClientStoragePorts {
  readonly report: (
    error: { readonly code: ClientErrorCode; readonly message: string },
    cause?: unknown,
  ) => void
  /** Called when `saved` changed. */
  readonly changed: () => void
}

export interface ClientStorage extends ResilientStorage {
  /** Data of this tab alone, written at once. */
  readonly ofTab: ChatStorage
}

export function createClientStorage(
  app: string,
  server: string,
  inner: ChatStorage,
  { report, changed }: ClientStoragePorts,
): ClientStorage {
  let isTold = false
  const onDropped = (key: string) => {
    if (isTold) return
    isTold = true
    report({ code: 'storage-unreadable', message: `what is stored as "${key}" is not understood` })
  }
  const shared = createResilientStorage(createCheckedStorage(inner, STORED_CHECKS, onDropped), {
    onFailure: (cause) => {
      changed()
      report({ code: 'storage-unavailable', message: 'the browser keeps no data' }, cause)
    },
    onRecovery: changed,
  })
  const ofTab = createTabStorage(app, server, shared)
  return Object.assign(shared, {
    ofTab: ofTab === shared ? shared : createCheckedStorage(ofTab, STORED_CHECKS, onDropped),
  })
}
