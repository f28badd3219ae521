/** Agents sign in by a real issuer, in a real browser. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addAgent } from './support/agent-account.ts'
import { useBrowser } from './support/browser.ts'
import { CLIENT, type Issuer, signInAtIssuer, startIssuer } from './support/issuer.ts'
import { runCommandHere } from './support/server-here.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'
import { shopConfig } from './support/shop.ts'

const browser = useBrowser()
let issuer: Issuer
let server: ServerProcess
beforeAll(async () => {
  issuer = await startIssuer({
    grace: { email: 'grace@example.com', isVerified: true, groups: ['staff', 'chat-admins'] },
    mallory: { email: 'olga@example.com', isVerified: false, groups: ['chat-admins'] },
    lee: { email: 'lee@northwind.example', isVerified: true, groups: ['support'] },
  })
  const signIn = {
    issuer: {
      name: 'Northwind',
      url: issuer.url,
      ...CLIENT,
      scopes: ['openid', 'email', 'profile', 'groups'],
      newAgents: { domains: ['northwind.example'] },
      access: {
        claim: 'groups',
        rules: [
          { value: 'chat-admins', role: 'admin' },
          { value: 'support', role: 'reader' },
        ],
      },
    },
  }
  server = await startServer({ config: { ...shopConfig(), signIn }, env: { LOG_LEVEL: 'debug' } })
  await issuer.register(`${server.url}/console/oidc/callback`)
  await addAgent(server, 'Olga')
  await addAgent(server, 'Grace')
})
afterAll(async () => {
  await server.close()
  await issuer.close()
})

const command = async (...argv: readonly string[]) => {
  const { code, stdout, stderr } = await runCommandHere([...argv, ...server.storageArgs])
  expect(code, stderr).toBe(0)
  return stdout
}

/** The console's sign-in page, which no policy may block on its way. */
async function openConsole(context: BrowserContext, hash = ''): Promise<Page> {
  const page = await context.newPage()
  page.on('console', (message) => {
    if (/Content Security Policy|blocked/i.test(message.text())) throw new Error(message.text())
  })
  await page.goto(`${server.url}/console/${hash}`)
  return page
}
const start = (page: Page) => page.getByRole('link', { name: 'Sign in with Northwind' }).click()

it('[AG7] [AG8] [AG9] an agent comes in by the issuer with the role of their group, until they are removed', async () => {
  const context = await browser.context()
  const page = await openConsole(context, '#/team')
  await start(page)
  await signInAtIssuer(page, 'grace')
  // The page that they came for, which is an administrator's.
  await page.getByRole('heading', { name: 'Team' }).waitFor()
  expect(page.url()).toBe(`${server.url}/console/#/team`)
  const row = page.getByRole('listitem').filter({ hasText: 'grace@example.com' })
  await expect.poll(() => row.textContent()).toMatch(/single sign-on[\s\S]*Administrator/)
  const cookies = await context.cookies()
  expect(cookies.map(({ name, sameSite, httpOnly }) => [name, sameSite, httpOnly])).toContainEqual([
    ...['chat_console', 'Strict', true],
  ])
  expect(cookies.map(({ name }) => name)).not.toContain('chat_console_sign_in')
  expect(await command('agent', 'sessions', 'grace@example.com')).toContain('\tissuer\t')

  await page.reload()
  await page.getByRole('heading', { name: 'Team' }).waitFor()

  await command('agent', 'remove', 'grace@example.com')
  await page.getByRole('heading', { name: 'Sign in to the inbox' }).waitFor()
  // The issuer knows them still, and asks nothing.
  await start(page)
  await expect
    .poll(() => page.getByRole('alert').first().textContent())
    .toContain('You have no account here.')
  expect(page.url()).toBe(`${server.url}/console/#/`)
  expect((await context.cookies()).map(({ name }) => name)).not.toContain('chat_console_sign_in')

  const log = server.stderr()
  expect(log).toContain('the account was removed')
  for (const secret of [CLIENT.clientSecret, 'eyJ', 'grace@']) expect(log).not.toContain(secret)
})

it('[AG8] [AG10] nobody comes in by an address that is not theirs, or after turning back', async () => {
  const page = await openConsole(await browser.context())
  await start(page)
  await page.getByRole('link', { name: 'Cancel' }).click()
  await expect.poll(() => page.getByRole('alert').first().textContent()).toContain('Sign-in was cancelled.')
  await start(page)
  await signInAtIssuer(page, 'mallory')
  await expect
    .poll(() => page.getByRole('alert').first().textContent())
    .toContain('You have no account here.')
  expect(await command('agent', 'sessions', 'olga@example.com')).toBe('')
})

it('[AG8] [OP4] who has an address of the company gets an account; SIGHUP takes the issuer away', async () => {
  const page = await openConsole(await browser.context())
  await start(page)
  await signInAtIssuer(page, 'lee')
  await page.getByRole('heading', { name: 'Inbox' }).waitFor()
  expect(await command('agent', 'list')).toContain('lee@northwind.example\treader\tlee\tall\n')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('link', { name: 'Sign in with Northwind' }).waitFor()

  const file = join(server.folder, 'config.json')
  const { signIn: _, ...rest } = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify(rest))
  server.hangUp()
  await expect.poll(() => server.stderr()).toContain('the configuration was read again')
  await page.reload()
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  expect(await page.getByRole('link', { name: 'Sign in with Northwind' }).count()).toBe(0)
})
