/** Finds links of the built site that lead to no page, file or heading. VitePress itself looks at pages only. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const attributes = (html, name) =>
  [...html.matchAll(new RegExp(`\\s${name}="([^"]*)"`, 'g'))].map(([, value]) => value)
const decode = (text) => decodeURIComponent(text.replaceAll('&amp;', '&').replaceAll('&quot;', '"'))

/** One sentence for each dead link of the pages in a folder. */
export function deadLinks(folder, base = '/') {
  const pages = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.html'))
  const html = new Map(pages.map((page) => [page, readFileSync(join(folder, page), 'utf8')]))
  const ids = new Map([...html].map(([page, text]) => [page, new Set(attributes(text, 'id').map(decode))]))
  const problems = new Set()
  for (const [page, text] of html)
    for (const link of attributes(text, 'href').map(decode)) {
      if (/^[a-z]+:|^\/\//.test(link)) continue
      const [path = '', hash] = link.split('#')
      const target = path.startsWith(base)
        ? path.slice(base.length)
        : path === ''
          ? page
          : join(dirname(page), path)
      const file = target === '' ? 'index.html' : target
      if (!existsSync(join(folder, file))) problems.add(`${page}: ${link} leads nowhere`)
      else if (hash && ids.get(file)?.has(hash) === false)
        problems.add(`${page}: ${file} has no heading #${hash}`)
    }
  return [...problems]
}
