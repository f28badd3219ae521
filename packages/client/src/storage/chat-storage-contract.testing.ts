/** Contract of every `ChatStorage`. */
import { expect, it } from 'vitest'
import type { ChatStorage } from './chat-storage.ts'

/** `open` opens the same store each time within a test. */
export function runStorageContract(open: () => ChatStorage): void {
  it('gives back what was stored, also to another tab', async () => {
    const value = { text: 'grüße', list: [1, { deep: true }], nothing: null }
    const storage = open()
    await storage.update('key', () => value)
    expect(await storage.get('key')).toEqual(value)
    expect(await open().get('key')).toEqual(value)
  })

  it('knows nothing of what was never stored or was deleted', async () => {
    const storage = open()
    expect(await storage.get('never')).toBeUndefined()
    await storage.update('gone', () => 1)
    await storage.update('gone', () => undefined)
    await storage.update('gone', () => undefined)
    expect(await storage.get('gone')).toBeUndefined()
  })

  it('replaces', async () => {
    const storage = open()
    await storage.update('key', () => ({ a: 1 }))
    await storage.update('key', () => ({ b: 2 }))
    expect(await storage.get('key')).toEqual({ b: 2 })
  })

  it('keeps what is stored apart from what callers do to it', async () => {
    const storage = open()
    await storage.update('key', () => [1])
    ;(await storage.get<number[]>('key'))?.push(2)
    expect(await storage.get('key')).toEqual([1])
  })

  it('loses no update of two tabs at once', async () => {
    const tabs = [open(), open()]
    const add = (tab: ChatStorage, value: number) =>
      tab.update<number[]>('list', (list = []) => [...list, value])
    const values = Array.from({ length: 20 }, (_, index) => index)
    await Promise.all(values.map((value) => add(tabs[value % 2] ?? open(), value)))
    expect((await open().get<number[]>('list'))?.toSorted((a, b) => a - b)).toEqual(values)
  })
}
