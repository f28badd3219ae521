/**
 * Files between a visitor on a phone, on a page of the strictest policy, and an agent in the console: chosen, pasted, through
 * `kill -9` of the server and a reload in the middle, answered with one, and downloaded.
 */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Message } from '@chat-widget/protocol'
import type { Locator, Page, Request } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addAgent } from './support/agent-account.ts'
import { useBrowser } from './support/browser.ts'
import { signInToConsole } from './support/console-page.ts'
import { pageWithWidget, startHostSite } from './support/host-site.ts'
import { rest } from './support/rest.ts'
import { startServer } from './support/server-process.ts'
import { API_KEY, shopConfig } from './support/shop.ts'
import { later, until } from './support/wait.ts'
import { conversationOf, isConnected, stateOf, widgetOn } from './support/widget-page.ts'

let server: Awaited<ReturnType<typeof startServer>>
let host: Awaited<ReturnType<typeof startHostSite>>
let agent: Awaited<ReturnType<typeof addAgent>>
beforeAll(async () => {
  server = await startServer({ config: shopConfig() })
  agent = await addAgent(server)
  host = await startHostSite()
})
afterAll(async () => {
  await host.close()
  await server.close()
})
const browser = useBrowser()
/** Bytes of an upload that are sent at a time. */
const PIECE = 1024 ** 2
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

const strictPage = (html: string) => {
  const socket = server.url.replace('http', 'ws')
  const policy = `default-src 'none'; script-src ${server.url}; connect-src ${server.url} ${socket}; require-trusted-types-for 'script'`
  return host.page('/files', { html, headers: { 'content-security-policy': policy } })
}
/** As a PDF begins, and then anything. */
const pdf = (size: number) => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size - 9)])

/** Violations of the page's policy, as they come. */
async function recordViolations(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.addInitScript(() => {
    const violations: string[] = []
    Object.assign(globalThis, { violations })
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      violations.push(`${violatedDirective} ${blockedURI}`),
    )
  })
  return () => page.evaluate(() => (globalThis as unknown as { violations: string[] }).violations)
}

/** A picture that no format makes small, as a camera's: drawn by a page without a policy. */
async function photo(width: number, height: number): Promise<Buffer> {
  const page = await browser.page()
  const bytes = await page.evaluate(
    async ([width, height]) => {
      const canvas = document.createElement('canvas')
      Object.assign(canvas, { width, height })
      const context = canvas.getContext('2d')
      const pixels = context?.createImageData(width, height)
      if (!pixels) return ''
      for (let at = 0; at < pixels.data.length; at += 65_536)
        crypto.getRandomValues(pixels.data.subarray(at, at + 65_536))
      for (let at = 3; at < pixels.data.length; at += 4) pixels.data[at] = 255
      context?.putImageData(pixels, 0, 0)
      return canvas.toDataURL('image/png').split(',')[1] ?? ''
    },
    [width, height] as const,
  )
  await page.close()
  return Buffer.from(bytes, 'base64')
}

/** Pastes a picture that the page has drawn, as from a screenshot. */
const pastePicture = (page: Page) =>
  page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width: 640, height: 480 })
    canvas.getContext('2d')?.fillRect(0, 0, 320, 480)
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve))
    const data = new DataTransfer()
    data.items.add(new File([blob as Blob], 'pole.png', { type: 'image/png' }))
    let focused = document.activeElement
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
    const init = { clipboardData: data, bubbles: true, composed: true, cancelable: true }
    focused?.dispatchEvent(new ClipboardEvent('paste', init))
  })

async function choose(page: Page, button: Locator, name: string, mimeType: string, buffer: Buffer) {
  const chooser = later(page.waitForEvent('filechooser'))
  await button.click()
  await (await chooser).setFiles([{ name, mimeType, buffer }])
}

it('[SH6] [SH7] [FI8] [FI10] [FI11] go from a phone to the console and back, through kill -9 and a reload', async () => {
  const tent = await photo(1_000, 800)
  expect(tent.length).toBeGreaterThan(2 * PIECE)
  const page = await (await browser.context(PHONE)).newPage()
  const violations = await recordViolations(page)
  /** Offsets of the pieces that the server was sent. */
  const pieces: number[] = []
  let onPiece: (request: Request) => Promise<'cut' | undefined> = async () => undefined
  await page.route('**/uploads/**', async (route) => {
    const request = route.request()
    if (request.method() !== 'PATCH') return route.continue()
    if ((await onPiece(request)) === 'cut') return route.abort('connectionreset')
    pieces.push(Number(request.headers()['upload-offset']))
    return route.continue()
  })
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/assets/attachments-*', async (route) => {
    await released
    return route.continue()
  })
  await page.goto(strictPage(pageWithWidget(server.url)))
  const chat = widgetOn(page)
  await chat.open()
  await isConnected(page)
  await chat.say('My tent is broken')
  await chat.isSent()

  // The dialog does not wait for the code that handles what is chosen. The server dies in the middle of the upload.
  const attach = chat.panel.locator('[part=attach]')
  await choose(page, attach, 'tent.png', 'image/png', tent)
  release()
  await chat.panel.getByText('tent.png', { exact: true }).waitFor()
  let isKilled = false
  onPiece = async () => {
    if (pieces.length !== 1) return undefined
    onPiece = async () => undefined
    await server.kill()
    isKilled = true
    return 'cut'
  }
  await chat.say('It is torn')
  await until('the server is killed', async () => isKilled)
  await server.start()
  await chat.isSent()
  await chat.log.locator('canvas.drawn').waitFor()
  const whole = Array.from({ length: Math.ceil(tent.length / PIECE) }, (_, index) => index * PIECE)
  expect(pieces).toEqual(whole)
  const id = await conversationOf(page)

  await chat.input.focus()
  await pastePicture(page)
  await chat.panel.getByText('pole.png', { exact: true }).waitFor()
  await chat.input.press('Enter')
  await expect.poll(() => chat.log.locator('canvas.drawn').count()).toBe(2)
  await until('it is stored', async () => (await stateOf(page)).conversation?.headSeq === 3)

  // The visitor reloads the page in the middle; what is written afterwards comes after the file.
  pieces.length = 0
  let isReached = false
  onPiece = async () => {
    if (pieces.length !== 1) return undefined
    isReached = true
    return 'cut'
  }
  const warranty = pdf(2_500_000)
  await choose(page, attach, 'warranty.pdf', 'application/pdf', warranty)
  await chat.panel.getByText('warranty.pdf', { exact: true }).waitFor()
  await chat.input.press('Enter')
  await until('the second piece is due', async () => isReached)
  await page.reload()
  onPiece = async () => undefined
  await chat.open()
  await chat.say('That is all')
  await chat.isSent()
  expect(pieces).toEqual([0, PIECE, 2 * PIECE])

  const { body } = await rest(server.url, 'GET', `/${id}/messages`)
  const told = body.messages.map((message) => ('file' in message ? message.file.name : message.text))
  expect(told).toEqual(['My tent is broken', 'tent.png', 'pole.png', 'warranty.pdf', 'That is all'])
  const files = body.messages.filter((message): message is Message<'file'> => message.kind === 'file')
  expect(files[0]).toMatchObject({ caption: 'It is torn', file: { width: 1_000, height: 800 } })
  const url = `${server.url}/v1/apps/shop/files/${files[2]?.file.id}`
  const got = await fetch(url, { headers: { authorization: `Token ${API_KEY}` } })
  expect(Buffer.from(await got.arrayBuffer()).equals(warranty)).toBe(true)

  // An agent looks at them, and answers with one.
  const deskPage = await browser.page()
  const deskViolations = await recordViolations(deskPage)
  const desk = await signInToConsole(deskPage, `${server.url}/console/`, agent)
  await desk.openConversation(id)
  const seen = desk.log.getByRole('img', { name: 'tent.png' })
  await expect.poll(() => seen.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1_000)
  const label = pdf(5_000)
  const deskAttach = desk.view.locator('label', { has: desk.view.page().locator('input[type=file]') })
  await choose(deskPage, deskAttach, 'label.pdf', 'application/pdf', label)
  await desk.view.getByRole('list', { name: 'Chosen files' }).getByText('label.pdf').waitFor()
  await desk.reply('Your label')
  await desk.log.getByRole('link', { name: /label\.pdf/ }).waitFor()
  await chat.shows('Your label')
  const downloading = later(page.waitForEvent('download'))
  await chat.log.getByRole('button', { name: /^Download label\.pdf/ }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe('label.pdf')
  expect((await readFile(await download.path())).equals(label)).toBe(true)
  expect([...(await violations()), ...(await deskViolations())]).toEqual([])
})
