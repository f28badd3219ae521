/** The built SDK in a Node process and in a page of Chromium. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'
import { expect, inject, it, onTestFinished } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { ROOT } from './support/paths.ts'
import { startPersonAsked } from './support/person-asked.ts'

const browser = useBrowser()

const WAITS = `
import { createAuthenticationClient } from '@chat-widget/authentication-requests'
const [, server] = process.argv
const clients = [undefined, 'key'].map((apiKey) =>
  createAuthenticationClient({ server, app: 'shop', ...(apiKey ? { apiKey } : {}) }))
for (const client of clients) {
  const authentication = client.authentication()
  authentication.subscribe(() => {}, client === clients[1] ? { after: '' } : {})
  await authentication.request('1112223334', {}, () => {})
  authentication.request({ email: 'alex@example.com' }).catch((error) => console.log(error.code))
}
process.stdin.once('data', () => {
  process.stdin.destroy()
  for (const client of clients) client.close()
})`

it('close() ends everything: a process with waits and subscriptions exits by itself', async () => {
  const server = await startPersonAsked({ approves: false })
  onTestFinished(() => server.close())
  const child = spawn(process.execPath, ['--input-type=module', '--eval', WAITS, server.url], {
    cwd: join(ROOT, 'test'),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  await expect.poll(() => server.held().length).toBe(5)
  child.stdin.write('close\n')
  // It would live as long as its waits, 15 minutes: killed here, it has no exit code.
  const timer = setTimeout(() => child.kill('SIGKILL'), inject('patienceMs'))
  const [code] = await once(child, 'close')
  clearTimeout(timer)
  expect(code).toBe(0)
  expect(printed).toBe('closed\nclosed\n')
})

const PAGE = `
import { createAuthenticationClient } from '@chat-widget/authentication-requests'
window.createClient = (options) => createAuthenticationClient({ server: location.origin, app: 'shop', ...options })`

interface SdkWindow {
  createClient(
    options?: object,
  ): ReturnType<typeof import('@chat-widget/authentication-requests').createAuthenticationClient>
}

it('in a page of the server’s origin it asks, verifies, and draws QR codes, and takes no API key', async () => {
  const folder = await mkdtemp(join(ROOT, 'test', 'node_modules', 'sdk-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'page.js'), PAGE)
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: 'dist',
      minify: false,
      rollupOptions: { input: join(folder, 'page.js'), output: { entryFileNames: 'page.js' } },
    },
  })
  const server = await startPersonAsked({
    approves: true,
    page: '<!doctype html><title>Page</title><script type="module" src="/page.js"></script>',
    files: join(folder, 'dist'),
  })
  onTestFinished(() => server.close())
  const page = await browser.page()
  await page.goto(server.url)
  const seen = await page.evaluate(async () => {
    const { createClient } = window as unknown as SdkWindow
    const client = createClient()
    const { accepted, selfID } = await client.authentication().request({ email: 'alex@example.com' })
    const png = await client.authentication().generateQR()
    const svg = await client.authentication().generateQR({ format: 'svg' })
    let refusal = ''
    try {
      createClient({ apiKey: 'key' })
    } catch (error) {
      refusal = String(error)
    }
    return { accepted, selfID, png: String.fromCharCode(...png.slice(1, 4)), svg: svg.slice(0, 5), refusal }
  })
  expect(seen).toMatchObject({ accepted: true, selfID: 'alex@example.com', png: 'PNG', svg: '<svg ' })
  expect(seen.refusal).toMatch(/^TypeError: apiKey: /)
})
