/**
 * `pnpm test:orca`: Orca reads a story in the chat, by keyboard alone, and what it says is compared. On Debian it needs
 * `orca at-spi2-core xvfb xauth dbus openbox xdotool dconf-gsettings-backend chromium`. Not in CI, which has no desktop.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from './build.mjs'
import { chromiumLaunchOptions } from './chromium.mjs'
import { ROOT } from './run.mjs'
import { startProgram } from './test-server.mjs'

const require = createRequire(join(ROOT, 'test/package.json'))
const { chromium } = require('playwright')

const PROGRAMS = ['orca', 'Xvfb', 'xvfb-run', 'dbus-run-session', 'openbox', 'xdotool', 'gsettings']
const API_KEY = 'key_of_the_story_that_orca_reads'
/** Time for Orca to say something. Milliseconds. */
const PATIENCE = 30_000

/** Runs this file again inside a desktop of its own. */
async function outside() {
  const missing = PROGRAMS.filter((name) => spawnSync('which', [name]).status !== 0)
  if (missing.length > 0) {
    process.stderr.write(
      `${missing.join(', ')}: not found. See the head of scripts/orca.mjs for Debian's packages.\n`,
    )
    return 1
  }
  const built = await build()
  if (built !== 0) return built
  const screen = ['-a', '-s', '-screen 0 1280x900x24', 'dbus-run-session', '--']
  const home = mkdtempSync(join(tmpdir(), 'orca-'))
  mkdirSync(join(home, 'run'), { mode: 0o700 })
  const env = {
    ...process.env,
    HOME: home,
    XDG_RUNTIME_DIR: join(home, 'run'),
    XDG_CONFIG_HOME: join(home, 'config'),
  }
  const stdio = ['ignore', 'inherit', process.env.ORCA_VERBOSE ? 'inherit' : 'ignore']
  const { status } = spawnSync('xvfb-run', [...screen, process.execPath, import.meta.filename, '--inside'], {
    env,
    stdio,
  })
  rmSync(home, { recursive: true, force: true })
  return status ?? 1
}

/** Words that Orca has said, from its debug file. Single keys are echoed too. */
const spokenIn = (file) =>
  (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .split('\n')
    .flatMap((line) => /SPEECH OUTPUT: '(.*?)'(?=\{|$)/.exec(line)?.[1] ?? [])

async function inside() {
  const home = process.env.HOME
  for (const [schema, key] of [
    ['org.gnome.desktop.interface', 'toolkit-accessibility'],
    ['org.gnome.desktop.a11y.applications', 'screen-reader-enabled'],
  ])
    execFileSync('gsettings', ['set', schema, key, 'true'])
  spawn('openbox', { stdio: 'ignore' })
  const debug = join(home, 'orca.txt')
  // Orca writes the file in blocks otherwise.
  const customizations = join(home, '.local/share/orca')
  mkdirSync(customizations, { recursive: true })
  writeFileSync(
    join(customizations, 'orca-customizations.py'),
    'import orca.debug\norca.debug.debugFile.reconfigure(line_buffering=True)\n',
  )
  spawn('orca', ['--replace', '--debug-file', debug], { stdio: 'ignore' })
  const spoken = () => spokenIn(debug)
  let read = 0
  /** Resolves when Orca has said these, in this order, after what was waited for before. */
  const says = async (...texts) => {
    for (const text of texts) {
      const until = Date.now() + PATIENCE
      for (;;) {
        const at = spoken().findIndex((one, index) => index >= read && one.includes(text))
        if (at !== -1) {
          process.stdout.write(`  ${spoken()[at]}\n`)
          read = at + 1
          break
        }
        if (Date.now() > until)
          throw new Error(`not said: ${text}\nsaid since: ${JSON.stringify(spoken().slice(read), null, 1)}`)
        await sleep(200)
      }
    }
  }
  await says('Screen reader on')

  const config = join(home, 'config.json')
  const app = {
    ...{ id: 'shop', name: 'Northwind', origins: ['http://127.0.0.1:*'] },
    apiKeys: [`sha256:${createHash('sha256').update(API_KEY).digest('hex')}`],
  }
  writeFileSync(config, JSON.stringify({ apps: [app] }))
  let url
  const server = startProgram({
    ...{ name: 'the chat server', command: process.execPath, isReady: 'listening on' },
    args: [
      join(ROOT, 'packages/server/bin/chat-widget-server.js'),
      '--config',
      config,
      '--data',
      join(home, 'data'),
      '--port',
      '0',
    ],
  })
  server.child.stdout.on('data', (chunk) => {
    url ??= /listening on (http:\S+)/.exec(String(chunk))?.[1]
  })
  await server.ready
  const html = `<!doctype html><html lang="en"><title>Shop</title><h1>Tents</h1>
    <script type="module" src="${url}/chat-widget.js"></script><chat-widget app="shop"></chat-widget>`
  const site = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html))
  await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
  const options = chromiumLaunchOptions()
  const context = await chromium.launchPersistentContext(join(home, 'profile'), {
    ...{ ...options, headless: false, viewport: null },
    args: [
      ...options.args,
      '--force-renderer-accessibility',
      `--app=http://127.0.0.1:${site.address().port}/`,
    ],
  })
  const [page] = context.pages()
  const key = (...names) => execFileSync('xdotool', ['key', '--delay', '100', ...names])
  const post = async (body) => {
    const id = await page.evaluate(() => document.querySelector('chat-widget').getState().conversation.id)
    const answer = await fetch(`${url}/v1/apps/shop/conversations/${id}/messages`, {
      method: 'POST',
      headers: { authorization: `Token ${API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(await answer.text())
  }

  await says('Tents')
  await page.getByRole('button', { name: 'Open chat' }).waitFor()
  key('Tab')
  await says('Open chat collapsed push button', 'opens dialog')
  key('Return')
  await says(' dialog', 'Your message entry')
  execFileSync('xdotool', ['type', '--delay', '100', 'hello'])
  key('Return')
  await page.getByText('Sent', { exact: true }).waitFor()
  await post({ text: 'Which **size**?', quick_replies: [{ label: 'Small', value: 's' }] })
  await says('Assistant: Which size?')
  key('shift+Tab')
  await says('Small')
  key('Return')
  await page.getByText('Small', { exact: true }).first().waitFor()
  await post({ text: 'Good.', author: { kind: 'agent', name: 'Alex' } })
  // Orca says in any order what comes at once, and after a key nothing of what it has not said yet.
  const before = read
  await says('Alex: Good.')
  read = before
  await says('Alex joined')
  key('Escape')
  await says('collapsed')
  const all = spoken()
  for (const once of ['Which size?', 'Alex: Good.', 'Alex joined']) {
    const times = all.filter((text) => text.includes(once)).length
    if (times !== 1) throw new Error(`${once}: said ${times} times in ${JSON.stringify(all, null, 1)}`)
  }
  await context.close()
  return 0
}

try {
  process.exit(process.argv.includes('--inside') ? await inside() : await outside())
} catch (error) {
  process.stdout.write(`${error.stack}\n`)
  process.exit(1)
}
