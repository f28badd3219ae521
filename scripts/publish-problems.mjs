/** Checks packages as they are published: their entry points, types and files. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { packPublic } from './pack.mjs'

/** Files that only a build needs. */
const LEFTOVER = /\.tsbuildinfo$|\.(test|testing)\.|\.d\.ts\.map$|\/(tsconfig|vite)[\w.]*$/
/** Manifest entries that mean something within the repository alone. */
const WITHIN_REPOSITORY = /"(workspace|catalog):|"source"|"devDependencies"/

/** The schema library is installed with the server alone. */
const MAY_NEED_SCHEMAS = /^\/node_modules\/@chat-widget\/(server|protocol\/dist)\//

/** ES modules alone: neither `require()` nor the resolution of before `exports`. */
const RESOLUTIONS = new Set(['node16-esm', 'bundler', 'node16', undefined])

/** @param {import('@arethetypeswrong/core').Package} contents */
function fileProblems(contents) {
  const files = contents.listFiles()
  const left = files.filter((file) => LEFTOVER.test(file)).map((file) => `${file} is a build's leftover`)
  const maps = files
    .filter((file) => file.endsWith('.map'))
    .filter((file) => {
      const { sources, sourcesContent } = JSON.parse(contents.readFile(file))
      return sourcesContent?.length !== sources.length
    })
  const schemas = files
    .filter((file) => /\.([cm]?js|d\.[cm]?ts)$/.test(file) && !MAY_NEED_SCHEMAS.test(file))
    .filter((file) => /(from|import) ?['"]zod/.test(contents.readFile(file)))
  const manifest = contents.readFile(`/node_modules/${contents.packageName}/package.json`)
  if (contents.packageName !== '@chat-widget/server' && JSON.parse(manifest).dependencies?.zod !== undefined)
    schemas.push('package.json')
  const within = WITHIN_REPOSITORY.exec(manifest)
  return [
    ...left,
    ...maps.map((file) => `${file} does not hold its sources`),
    ...schemas.map((file) => `${file} needs zod, which only the server brings`),
    ...(within === null ? [] : [`package.json has ${within[0]}, for the repository alone`]),
  ]
}

/** @param {import('@arethetypeswrong/core').Package} contents */
async function typeProblems(contents) {
  if (!contents.listFiles().some((file) => file.endsWith('.d.ts'))) return []
  const { problems } = await checkPackage(contents)
  return problems
    .filter(({ resolutionKind, resolutionOption }) => RESOLUTIONS.has(resolutionKind ?? resolutionOption))
    .map((problem) => `types: ${problem.kind} ${problem.entrypoint ?? problem.fileName ?? ''}`)
}

async function problemsOf(tarball) {
  const bytes = await readFile(tarball)
  const contents = createPackageFromTarballData(new Uint8Array(bytes))
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, level: 'suggestion' })
  return [
    ...messages.map((message) => formatMessage(message, pkg, { color: false })),
    ...(await typeProblems(contents)),
    ...fileProblems(contents),
  ]
}

/** One sentence per problem. */
export async function publishProblems() {
  const folder = await mkdtemp(join(tmpdir(), 'chat-widget-packed-'))
  try {
    const problems = []
    for (const [name, tarball] of await packPublic(folder))
      for (const problem of await problemsOf(tarball)) problems.push(`${name}: ${problem}`)
    return problems
  } finally {
    await rm(folder, { recursive: true })
  }
}
