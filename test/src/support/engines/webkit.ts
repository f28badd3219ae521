/** WebKitGTK, by its WebDriver, on a screen that is not there. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Builder, By, Capabilities, Key, type WebDriver, type WebElement } from 'selenium-webdriver'
import { found, until } from '../wait.ts'
import { type Engine, type EnginePage, findDeep, type Target } from './engine.ts'

const LIBRARIES = '/usr/lib'

/** Debian's path has the machine's architecture and the library's version in it. */
function miniBrowser(): string {
  const paths = readdirSync(LIBRARIES).flatMap((machine) =>
    ['webkit2gtk-4.1', 'webkit2gtk-4.0', 'webkitgtk-6.0'].map((version) =>
      join(LIBRARIES, machine, version, 'MiniBrowser'),
    ),
  )
  const path = paths.find((one) => existsSync(one))
  if (path === undefined) throw new Error('MiniBrowser of WebKitGTK is missing: install webkit2gtk-driver')
  return path
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Resolves with the number of the screen. */
async function startScreen(): Promise<{ readonly display: string; readonly screen: ChildProcess }> {
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const numbers = screen.stdio[3]
  const display = await new Promise<string>((resolve, reject) => {
    screen.once('error', reject)
    numbers?.once('data', (data) => resolve(`:${String(data).trim()}`))
  })
  return { display, screen }
}

interface Browser {
  readonly web: WebDriver
  /** Ends it, its driver and all their processes. */
  end(): void
}

/** Milliseconds. A driver and its browser start in one second, beside other tests in three. */
const START_LIMIT = 10_000

const late = () =>
  new Promise<never>((_, reject) => {
    setTimeout(reject, START_LIMIT, new Error('WebKitWebDriver has no browser')).unref()
  })

/** A browser with a new profile, and a driver of its own. */
async function startBrowser(display: string): Promise<Browser> {
  const port = await freePort()
  const driver = spawn('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
    // Its sandbox needs user namespaces, which containers often lack; the pages are our own.
    env: {
      ...process.env,
      DISPLAY: display,
      LANG: 'en_US.UTF-8',
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    },
    stdio: 'ignore',
    // A group of processes, which can be ended as one.
    detached: true,
  })
  const end = () => {
    if (driver.pid !== undefined && driver.exitCode === null && driver.signalCode === null)
      process.kill(-driver.pid, 'SIGKILL')
  }
  const server = `http://127.0.0.1:${port}`
  const options = { binary: miniBrowser(), args: ['--automation'] }
  const capabilities = new Capabilities({ browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options })
  try {
    await until('the driver answers', async () => (await fetch(`${server}/status`)).ok, START_LIMIT)
    const session = new Builder().usingServer(server).withCapabilities(capabilities).build()
    return { web: await Promise.race([session, late()]), end }
  } catch (cause) {
    end()
    throw cause
  }
}

/**
 * The driver chooses a free port for its browser to listen on. Where something else takes it before the browser does, the
 * driver waits for ever; a new one chooses anew.
 */
async function startBrowserPatiently(display: string, attempts = 4): Promise<Browser> {
  try {
    return await startBrowser(display)
  } catch (cause) {
    if (attempts === 1) throw cause
    return startBrowserPatiently(display, attempts - 1)
  }
}

export async function startWebKit(): Promise<Engine> {
  const { display, screen } = await startScreen()
  let open = await startBrowserPatiently(display).catch((cause) => {
    screen.kill()
    throw cause
  })
  const version = `WebKitGTK ${(await open.web.getCapabilities()).get('browserVersion')}`
  let isNew = true
  return {
    version,
    async page() {
      if (!isNew) {
        open.end()
        open = await startBrowserPatiently(display)
      }
      isNew = false
      return pageOf(open.web)
    },
    async close() {
      open.end()
      screen.kill()
    },
  }
}

function pageOf(browser: WebDriver): EnginePage {
  const find = ({ selector, text = '' }: Target) =>
    found(`${selector} ${text}`, () => browser.executeScript<WebElement | null>(findDeep, selector, text))
  const type = (keys: string) => browser.actions().sendKeys(keys).perform()
  const keys = { Tab: Key.TAB, Enter: Key.ENTER, Escape: Key.ESCAPE } as const
  return {
    goto: (url) => browser.get(url),
    evaluate: (run) => browser.executeScript(run),
    async click(target) {
      await (await find(target)).click()
    },
    type,
    press: (key) => type(keys[key]),
    async chooseFile(label, path) {
      await (await find(label)).findElement(By.css('input')).sendKeys(path)
    },
  }
}
