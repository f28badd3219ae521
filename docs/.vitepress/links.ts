/** Links of the pages, which are written for the repository, lead to pages of the site. */
import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'

export interface LinkOptions {
  /** Folder of the repository. */
  readonly root: string
  /** The site's page of a file; `null` if the file is no page. Both are relative: to the repository, to the site. */
  pageOf(file: string): string | null
  /** Address below which a browser shows the repository's files; without it, links to them are text. */
  readonly repository: string | undefined
}

/** Leads links to files to their pages. A link to nothing ends the build. */
export function siteLinks(md: MarkdownRenderer, { root, pageOf, repository }: LinkOptions): void {
  md.core.ruler.push('site-links', (state) => {
    const { realPath, path } = state.env as { readonly realPath?: string; readonly path: string }
    const source = relative(root, realPath ?? path)
    for (const token of state.tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type !== 'link_open') continue
      const [target = '', hash] = (token.attrGet('href') ?? '').split('#')
      if (target === '' || target.startsWith('/') || /^[a-z]+:/.test(target)) continue
      const file = join(dirname(source), decodeURI(target))
      if (!existsSync(join(root, file))) throw new Error(`${source} links to ${file}, which is not there`)
      const page = pageOf(file)
      if (page !== null) {
        token.attrSet('href', hash === undefined ? `/${page}` : `/${page}#${hash}`)
      } else if (repository !== undefined) {
        token.attrSet('href', `${repository}/${file}`)
      } else {
        token.type = 'file_open'
        token.tag = 'span'
        token.attrs = [
          ['class', 'file'],
          ['title', file],
        ]
      }
    }
    for (const { children } of state.tokens) closeFiles(children ?? [])
  })
}

/** Ends the elements that were links. Links do not nest. */
function closeFiles(tokens: { type: string; tag: string }[]): void {
  let isFile = false
  for (const token of tokens) {
    if (token.type === 'file_open') isFile = true
    if (token.type !== 'link_close' || !isFile) continue
    token.type = 'file_close'
    token.tag = 'span'
    isFile = false
  }
}

/** The id of a heading, as GitHub makes it: links to headings work in the repository and on the site. */
export function headingId(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Mark}\p{Number}\p{Connector_Punctuation}\- ]/gu, '')
    .replaceAll(' ', '-')
}
