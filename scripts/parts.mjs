/** Programs that tests need beside npm packages. Finds them, or installs Debian's. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from './chromium.mjs'

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
  { name: 'PostgreSQL', package: 'postgresql', found: findPostgres },
]

function install(packages) {
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  return apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', ...packages)
}

/** Installs missing ones; returns those that are still missing. */
export function ensureParts() {
  const missing = PARTS.filter((part) => !part.found())
  if (missing.length === 0) return []
  const packages = missing.map((part) => part.package)
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    process.stderr.write(`installing ${packages.join(', ')} …\n`)
    install(packages)
  }
  return missing.filter((part) => !part.found())
}
