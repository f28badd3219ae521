/** A chat server and a host's site, which the tests of a file share. */
import { afterAll, beforeAll } from 'vitest'
import { type HostSite, startHostSite } from './host-site.ts'
import { type ServerHere, startServerHere } from './server-here.ts'
import { shopConfig } from './shop.ts'

export interface ChatSite {
  readonly server: ServerHere
  readonly site: HostSite
}

/** Starts both before the file's tests, with the shop's configuration, and closes them after. */
export function useChatSite(started: (chatSite: ChatSite) => void): void {
  const closing: (() => Promise<void>)[] = []
  beforeAll(async () => {
    const server = await startServerHere(shopConfig())
    closing.push(() => server.close())
    const site = await startHostSite()
    closing.push(() => site.close())
    started({ server, site })
  })
  afterAll(async () => {
    for (const close of closing.reverse()) await close()
  })
}
