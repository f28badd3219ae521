/** Time until a text field can be used: that of an open chat, and a bare one, each on a slowed page of one Chromium. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createChatServer } from '@chat-widget/server'
import { type Browser, chromium, type LaunchOptions } from 'playwright'
import { bundled, startSite } from '../site.ts'

export interface ComposerOptions {
  readonly rounds: number
  readonly browser: LaunchOptions
}

/** From the navigation to the first frame with a text field that takes the focus, by round. Milliseconds. */
export interface ComposerFigures {
  readonly chat: readonly number[]
  readonly bare: readonly number[]
}

const APP = 'bench'
/** A phone of the middle class on a mobile network. */
const NETWORK = { offline: false, latency: 40, downloadThroughput: 800_000, uploadThroughput: 94_000 }
const CPU_SLOWDOWN = 6

export async function measureComposer({
  rounds,
  browser: launch,
}: ComposerOptions): Promise<ComposerFigures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-bench-'))
  const server = await createChatServer({
    apps: [{ id: APP, origins: ['http://localhost:*'] }],
    dataDir,
    port: 0,
  })
  const url = await server.listen()
  const site = await startSite(
    {
      '/chat': { script: `${url}/chat-widget.js`, body: `<chat-widget app="${APP}" open></chat-widget>` },
      '/bare': { script: '/bare.js', body: `<bare-composer server="${url}"></bare-composer>` },
    },
    { '/bare.js': await bundled(new URL('./bare-composer.js', import.meta.url)) },
  )
  const browser = await chromium.launch(launch)
  try {
    const chat: number[] = []
    const bare: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      bare.push(await usableAfter(browser, `${site.url}/bare`))
      chat.push(await usableAfter(browser, `${site.url}/chat`))
    }
    return { chat, bare }
  } finally {
    await browser.close()
    site.close()
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** In a context of its own, so that nothing is cached. */
async function usableAfter(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('Network.enable')
    await session.send('Network.emulateNetworkConditions', NETWORK)
    await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN })
    await page.addInitScript(watchForField)
    await page.goto(url, { waitUntil: 'commit' })
    const usable = await page.waitForFunction(() => document.documentElement?.dataset.usableAfter)
    await page.getByRole('textbox').fill('Hello')
    return Number(await usable.jsonValue())
  } finally {
    await context.close()
  }
}

/** Runs in the page, which knows the time better than its observer. */
function watchForField(): void {
  const find = (root: ParentNode): HTMLElement | undefined => {
    for (const element of root.querySelectorAll<HTMLElement>('*')) {
      const found =
        element.localName === 'textarea' ? element : element.shadowRoot && find(element.shadowRoot)
      if (found) return found
    }
    return undefined
  }
  const look = () => {
    const field = find(document)
    field?.focus()
    if (!field?.matches(':focus')) return requestAnimationFrame(look)
    document.documentElement.dataset.usableAfter = String(performance.now())
  }
  look()
}
