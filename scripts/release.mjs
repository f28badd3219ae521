/**
 * `pnpm release`: the version that the changesets ask for, in all packages, and their sentences in CHANGELOG.md. To be
 * looked at and committed; `pnpm changeset publish` then publishes what the registry lacks.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, run, tool } from './run.mjs'

const CHANGELOG = join(ROOT, 'CHANGELOG.md')
/** Says the release to the other side of a connection. */
const RELEASE_SOURCE = join(ROOT, 'packages/protocol/src/version.ts')
const UNRELEASED = '## Unreleased\n'

async function planned() {
  const folder = await mkdtemp(join(tmpdir(), 'chat-release-'))
  try {
    const file = join(folder, 'plan.json')
    // Without `--since` it compares with nothing, and so needs no other branch.
    if ((await run(tool('changeset'), ['status', `--output=${file}`], { quiet: true })) !== 0) process.exit(1)
    return JSON.parse(await readFile(file, 'utf8'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

const indented = (summary) => `- ${summary.trim().replaceAll('\n', '\n  ')}\n`

/** What stood under Unreleased, and the changesets' sentences, under the new version. */
function released(changelog, version, changesets) {
  const [head, rest = ''] = changelog.split(UNRELEASED)
  const day = new Date().toISOString().slice(0, 10)
  const sentences = changesets.map(({ summary }) => indented(summary)).join('')
  return `${head}${UNRELEASED}\n## ${version} (${day})\n\n${sentences}${rest}`
}

const { changesets, releases } = await planned()
if (releases.length === 0) {
  process.stderr.write('No changeset, so nothing to release. `pnpm changeset` writes one.\n')
  process.exit(1)
}
await writeFile(CHANGELOG, released(await readFile(CHANGELOG, 'utf8'), releases[0].newVersion, changesets))
const code = await run(tool('changeset'), ['version'])
const source = await readFile(RELEASE_SOURCE, 'utf8')
await writeFile(RELEASE_SOURCE, source.replace(/(RELEASE = ')[^']*/, `$1${releases[0].newVersion}`))
process.exit(code)
