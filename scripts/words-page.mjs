/** The list of languages in docs/languages.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run.mjs'
import { readWords } from './words-files.mjs'

const PAGE = join(ROOT, 'docs/languages.md')
const PLACE = /<!-- languages -->[\s\S]*<!-- \/languages -->/

function withList(page) {
  const { english, others } = readWords()
  const nameIn = (tag, language) => new Intl.DisplayNames([language], { type: 'language' }).of(tag)
  const rows = [english, ...others].map(
    ({ tag, file }) => `| ${nameIn(tag, 'en')} | ${nameIn(tag, tag)} | [\`${tag}\`](../words/${file}) |`,
  )
  const list = ['| language | its own name | file |', '| --- | --- | --- |', ...rows].join('\n')
  return page.replace(PLACE, () => `<!-- languages -->\n${list}\n<!-- /languages -->`)
}

export function writeWordsPage() {
  const page = readFileSync(PAGE, 'utf8')
  writeFileSync(PAGE, withList(page))
}

export function wordsPageProblems() {
  const page = readFileSync(PAGE, 'utf8')
  return withList(page) === page ? [] : ['docs/languages.md has not the list of languages: pnpm reports']
}
