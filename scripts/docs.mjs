/**
 * `pnpm run docs`: the documentation as a site, with a demo server beside it. `pnpm run docs build` writes the site to
 * docs/.vitepress/dist, and fails where a link leads nowhere; `pnpm run docs preview` builds it and shows it.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import { deadLinks } from './docs-links.mjs'
import { ROOT, run, tool } from './run.mjs'

const DIST = join(ROOT, 'docs/.vitepress/dist')

const vitepress = (args, options) => run(tool('vitepress'), args, options)

/** Builds the site, of the widget that is built already. Resolves with what is wrong with it. */
export async function buildSite(env = {}) {
  if ((await vitepress(['build', 'docs'], { quiet: true, env })) !== 0) return ['the site was not built']
  return deadLinks(DIST, process.env.DOCS_BASE)
}

/** Runs a command beside the demo server, whose address it finds in its environment. */
async function besideDemo(work) {
  const { startDocsDemo } = await import('./docs-demo.mjs')
  const data = await mkdtemp(join(tmpdir(), 'chat-docs-'))
  const demo = await startDocsDemo(data)
  process.stdout.write(`demo server: ${demo.url}\n`)
  try {
    return await work({ DOCS_CHAT_SERVER: demo.url })
  } finally {
    await demo.close()
    await rm(data, { recursive: true, force: true })
  }
}

async function main([command = 'dev', ...args]) {
  if (!['dev', 'build', 'preview'].includes(command)) {
    process.stderr.write(`docs ${command}: not known; dev, build or preview\n`)
    return 2
  }
  const built = await build()
  if (built !== 0) return built
  if (command === 'dev') return besideDemo((env) => vitepress(['dev', 'docs', ...args], { env }))
  const buildAndTell = async (env) => {
    const problems = await buildSite(env)
    for (const problem of problems) process.stderr.write(`${problem}\n`)
    return problems.length === 0 ? 0 : 1
  }
  if (command === 'build') return buildAndTell({})
  return besideDemo(async (env) => {
    const code = await buildAndTell(env)
    return code === 0 ? vitepress(['preview', 'docs', ...args]) : code
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.exit(await main(process.argv.slice(2)))
