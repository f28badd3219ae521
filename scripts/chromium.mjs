/** Finds Chromium for tests, and the flags that keep it quiet and offline. */
import { existsSync } from 'node:fs'

const CANDIDATES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Debian's, without the script that starts it: a signal would end the script only. */
const SHELL = '/usr/lib/chromium/chromium-headless-shell'

/** @returns {string | undefined} */
export function findChromium() {
  return CANDIDATES.find((path) => path !== undefined && existsSync(path))
}

/**
 * Chromium without windows, in which a new context costs half as much. It has no back/forward cache.
 * @returns {string | undefined}
 */
export function findHeadlessShell() {
  return existsSync(SHELL) ? SHELL : undefined
}

/**
 * For each window, Chromium starts two processes for suggestions of its address bar, and a spare one: half the cost of
 * a new context.
 */
const UNUSED = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'SpareRendererForSitePerProcess',
]

/** Features that Playwright disables by the same flag, of which Chromium uses only the last. */
const DISABLED_BY_PLAYWRIGHT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
]

/**
 * Launch options for Playwright.
 * @param {{ prefersShell?: boolean }} [options] prefersShell: the headless shell where there is one, unless
 *   `CHROMIUM_PATH` names a browser; default is the whole browser
 */
export function chromiumLaunchOptions({ prefersShell = false } = {}) {
  const shell = prefersShell && !process.env.CHROMIUM_PATH ? findHeadlessShell() : undefined
  const executablePath = shell ?? findChromium()
  return {
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      // Chromium's sandbox refuses to run as root, which containers usually do.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      // No page uses 3D graphics, which the CPU would have to render.
      '--disable-software-rasterizer',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--disable-features=${[...DISABLED_BY_PLAYWRIGHT, ...UNUSED].join(',')}`,
    ],
  }
}
