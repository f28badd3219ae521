/**
 * `pnpm check`: types, lint and format, folders, unused exports and files, published entry points, words, sizes, leaks, and
 * the documentation's site.
 */

import { apiProblems } from './api-reports.mjs'
import { build } from './build.mjs'
import { buildSite } from './docs.mjs'
import { folderProblems } from './folders.mjs'
import { growthPageProblems } from './growth.mjs'
import { leakProblems } from './leaks.mjs'
import { publishProblems } from './publish-problems.mjs'
import { run, TYPES, tool } from './run.mjs'
import { sizeProblems } from './sizes.mjs'
import { widgetTableProblems } from './widget-tables.mjs'
import { wordsProblems } from './words-problems.mjs'

const failed = []

async function step(name, work) {
  const problems = await work()
  process.stdout.write(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}\n`)
  for (const problem of problems) process.stdout.write(`       ${problem}\n`)
  if (problems.length > 0) failed.push(name)
}

const command = async (name, args) =>
  (await run(tool(name), args, { quiet: true })) === 0 ? [] : [`${name} ${args.join(' ')}`]

await step('build', async () => ((await build()) === 0 ? [] : ['the build failed']))
await step('types', () => command('tsc', TYPES))
await step('lint and format', () => command('biome', ['ci', '--colors=off', '--error-on-warnings', '.']))
await step('folders import one way', folderProblems)
await step('nothing unused', () => command('knip', ['--no-progress']))
await step('published entry points', publishProblems)
await step('public API', apiProblems)
await step('tables of docs/widget.md', widgetTableProblems)
await step('table of docs/growth.md', growthPageProblems)
await step('words', wordsProblems)
await step('sizes', async () => {
  const { sizes, problems } = await sizeProblems()
  for (const { what, bytes, aim, bound } of sizes)
    process.stdout.write(`       ${what}: ${bytes} bytes of brotli (aim ${aim}, bound ${bound})\n`)
  return problems
})
await step('leaks', leakProblems)
await step('documentation', () => buildSite())

if (failed.length > 0) process.stdout.write(`check failed: ${failed.join(', ')}\n`)
process.exit(failed.length === 0 ? 0 : 1)
