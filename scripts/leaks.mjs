/** Checks built browser files for content that must not be in them. */
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { filesUnder } from './compress.mjs'
import { ROOT } from './run.mjs'

const DISTS = ['packages/widget/dist', 'packages/console/dist', 'packages/authenticator/dist']

/** Strings that survive minification and identify a library or a path; "pino" alone is a tree in two languages' emoji. */
const FORBIDDEN = [
  { what: 'zod', pattern: /\bZodError\b|unrecognized_keys|invalid_union/ },
  {
    what: 'server code',
    pattern: /\bfastify\b|\bkysely\b|\bpino\.\w|node:(fs|crypto|http|worker_threads)|password_hash/,
  },
  { what: 'what tests need', pattern: /\bwcag22aa\b/ },
  { what: 'a webhook secret', pattern: /whsec_[A-Za-z0-9+/=]{8}/ },
  { what: 'a path of the building machine', pattern: new RegExp(`${ROOT.replaceAll(/[^\w/-]/g, '\\$&')}/`) },
  { what: 'HTML set from a string', pattern: /\.insertAdjacentHTML\(|document\.write\(/ },
  { what: 'eval', pattern: /\beval\(|new Function\(/ },
]

/** Finds locales in the files of the widget's default path, which may contain only the page's own. */
async function localeLeaks() {
  const dist = join(ROOT, 'packages/widget/dist')
  const manifest = JSON.parse(await readFile(join(dist, 'chat-widget.manifest.json'), 'utf8'))
  const problems = []
  for (const file of manifest.chat) {
    const text = await readFile(join(dist, file), 'utf8')
    for (const [locale, sample] of Object.entries(manifest.localeSamples))
      if (text.includes(sample)) problems.push(`packages/widget/dist/${file}: holds the locale ${locale}`)
  }
  return problems
}

/** The leaks, one sentence each. */
export async function leakProblems() {
  const problems = []
  for (const folder of DISTS) {
    for (const path of await filesUnder(join(ROOT, folder))) {
      if (!/\.(js|html|css)$/.test(path)) continue
      const text = await readFile(path, 'utf8')
      for (const { what, pattern } of FORBIDDEN)
        if (pattern.test(text))
          problems.push(`${relative(ROOT, path)}: holds ${what} (${pattern.exec(text)?.[0]})`)
    }
  }
  return [...problems, ...(await localeLeaks())]
}
