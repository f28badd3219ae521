/** The demo as `pnpm demo` starts it, from its built files, in a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright'
import { freshData } from './fresh-data.ts'
import { DEMO_MODULE } from './paths.ts'

export interface Demo {
  readonly shopUrl: string
  readonly chatUrl: string
  readonly consoleUrl: string
  readonly agent: { readonly email: string; readonly password: string }
  readonly customers: readonly { readonly email: string; readonly password: string }[]
  readonly apiKey: string
  readonly serverPid: number
  restartServer(signal?: NodeJS.Signals): Promise<void>
  stopServer(signal?: NodeJS.Signals): Promise<void>
  close(): Promise<void>
}

interface DemoModule {
  startDemo(options: {
    readonly dataDir: string
    readonly ports: { readonly shop: number; readonly chat: number }
    readonly tokenLifetimeSeconds?: number
  }): Promise<Demo>
}

/** `close()` also deletes the folder. */
export async function openDemo(options: { readonly tokenLifetimeSeconds?: number } = {}): Promise<Demo> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-demo-'))
  await freshData(dataDir)
  const { startDemo } = (await import(/* @vite-ignore */ DEMO_MODULE)) as DemoModule
  const demo = await startDemo({ dataDir, ports: { shop: 0, chat: 0 }, ...options })
  const close = demo.close.bind(demo)
  demo.close = async () => {
    await close()
    await rm(dataDir, { recursive: true, force: true })
  }
  return demo
}

/** The shop's page beside the chat: its own sign-in, and its log for site developers. */
export function shopOn(page: Page) {
  const log = page.getByTestId('event-log')
  return {
    log,
    /** Log entries of one event or call, oldest first. */
    entries: (name: string): Locator => log.locator(`[data-testid=log-entry][data-name="${name}"]`),
    async fillIn(customer: { readonly email: string; readonly password: string }) {
      const dialog = page.getByTestId('login-dialog')
      await dialog.getByTestId('login-email').fill(customer.email)
      await dialog.getByTestId('login-password').fill(customer.password)
      await dialog.getByTestId('login-submit').click()
      await page.getByTestId('customer').getByText(customer.email).waitFor()
    },
  }
}
