/** Programs that tests need beside npm packages. Finds them, or installs Debian's. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium, findHeadlessShell } from './chromium.mjs'

const onPath = (name) =>
  (process.env.PATH ?? '').split(':').some((folder) => folder !== '' && existsSync(join(folder, name)))

function findPostgres() {
  if (onPath('initdb') && onPath('postgres')) return true
  const debian = '/usr/lib/postgresql'
  return (
    existsSync(debian) &&
    readdirSync(debian).some((version) => existsSync(join(debian, version, 'bin/initdb')))
  )
}

const PARTS = [
  { name: 'Chromium', package: 'chromium', found: () => findChromium() !== undefined },
  {
    name: 'Firefox',
    package: 'firefox-esr',
    found: () => Boolean(process.env.FIREFOX_PATH) || onPath('firefox-esr') || onPath('firefox'),
  },
  { name: 'WebKitGTK', package: 'webkit2gtk-driver', found: () => onPath('WebKitWebDriver') },
  // WebKitGTK has no mode without a screen.
  { name: 'Xvfb', package: 'xvfb', found: () => onPath('Xvfb') },
  { name: 'PostgreSQL', package: 'postgresql', found: findPostgres },
  { name: 'Redis', package: 'redis-server', found: () => onPath('redis-server') },
  { name: 'nginx', package: 'nginx', found: () => onPath('nginx') },
  { name: 'Caddy', package: 'caddy', found: () => onPath('caddy') },
  // Makes the certificate of the two.
  { name: 'OpenSSL', package: 'openssl', found: () => onPath('openssl') },
  { name: 'systemd-analyze', package: 'systemd', found: () => onPath('systemd-analyze') },
]

/** The tests are quicker with it, and go on without it. */
const HEADLESS_SHELL = 'chromium-headless-shell'
/** Milliseconds. A machine that cannot load it soon does not wait for it. */
const HEADLESS_SHELL_MS = 60_000

const canInstall = () => process.getuid?.() === 0 && onPath('apt-get')

/**
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 */
const apt = (args, options = {}) =>
  spawnSync('apt-get', ['-qq', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    ...options,
  }).status === 0

const INSTALL = ['install', '-y', '--no-install-recommends']

/** In the version of the Chromium that is there, so that apt changes nothing which is there. */
function installHeadlessShell() {
  const { status, stdout } = spawnSync('dpkg-query', ['-W', 'chromium'], { encoding: 'utf8' })
  const version = stdout?.trim().split('\t')[1]
  if (status !== 0 || !version) return
  process.stderr.write(`installing ${HEADLESS_SHELL} …\n`)
  const install = [...INSTALL, '--no-remove', `${HEADLESS_SHELL}=${version}`]
  const end = Date.now() + HEADLESS_SHELL_MS
  const load = (...args) => apt(args, { stdio: 'ignore', timeout: Math.max(1, end - Date.now()) })
  const download = () => load(...install, '--download-only')
  // dpkg itself is not stopped half way.
  if (download() || (load('update') && download())) apt(install)
}

/** Installs what is missing; returns the parts that stay missing. */
export function ensureParts() {
  const missing = PARTS.filter((part) => !part.found())
  if (missing.length > 0 && canInstall()) {
    const packages = missing.map((part) => part.package)
    process.stderr.write(`installing ${packages.join(', ')} …\n`)
    if (apt(['update'])) apt([...INSTALL, ...packages])
  }
  if (findHeadlessShell() === undefined && !process.env.CHROMIUM_PATH && canInstall()) installHeadlessShell()
  return missing.filter((part) => !part.found())
}
