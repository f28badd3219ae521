/** Measures the built widget, checks its bounds and updates the README's table. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './run.mjs'

const README = join(ROOT, 'README.md')
const MANIFEST = join(ROOT, 'packages/widget/dist/chat-widget.manifest.json')
const TABLE = /<!-- sizes -->[\s\S]*<!-- \/sizes -->/

/** Bounds and aims in bytes of brotli. `files`: the manifest's list of what the page loads, or one file. */
const BUDGETS = [
  { what: 'First paint of the launcher', files: 'launcher', bound: 6 * 1024, aim: 3 * 1024 },
  { what: '`embed.js`, for the one tag', files: 'embed.js', bound: 6 * 1024, aim: 3 * 1024 },
  {
    what: 'Open, connected, text chat, by the one tag',
    files: 'chatByTag',
    bound: 46 * 1024,
    aim: 40 * 1024,
  },
  { what: 'Open, connected, text chat', files: 'chat', bound: 46 * 1024, aim: 40 * 1024 },
]

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`

const readManifest = async () => JSON.parse(await readFile(MANIFEST, 'utf8'))

/** @returns {Promise<{ what: string, bytes: number, bound: number, aim: number }[]>} */
export async function measureSizes() {
  const manifest = await readManifest()
  return BUDGETS.map(({ what, files, bound, aim }) => ({
    what,
    bytes: (manifest[files] ?? [files]).reduce((sum, file) => sum + manifest.files[file].brotli, 0),
    bound,
    aim,
  }))
}

function table(sizes, parts) {
  const rows = sizes.map(
    ({ what, bytes, bound, aim }) =>
      `| ${what} | ${kilobytes(bytes)} | ${kilobytes(aim)} | ${kilobytes(bound)} |`,
  )
  const shares = Object.entries(parts).map(([part, bytes]) => `| · ${part} | ${kilobytes(bytes)} | | |`)
  return [
    '<!-- sizes -->',
    '| all JavaScript, brotli | now | aim | bound |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...shares,
    '<!-- /sizes -->',
  ].join('\n')
}

const withTable = (readme, sizes, parts) => readme.replace(TABLE, () => table(sizes, parts))

/** Writes the table into the README, if it changed. */
export async function writeSizes() {
  const readme = await readFile(README, 'utf8')
  const { parts } = await readManifest()
  const updated = withTable(readme, await measureSizes(), parts)
  if (updated !== readme) await writeFile(README, updated)
}

/** Broken bounds, one sentence each. */
export async function sizeProblems() {
  const sizes = await measureSizes()
  const problems = sizes
    .filter(({ bytes, bound }) => bytes > bound)
    .map(({ what, bytes, bound }) => `${what}: ${kilobytes(bytes)} of brotli, more than ${kilobytes(bound)}`)
  const readme = await readFile(README, 'utf8')
  if (!TABLE.test(readme)) problems.push('README.md has no table of sizes')
  return { sizes, problems }
}
