/** Checks that the published entry points of packages exist and are typed. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { ROOT } from './run.mjs'

const PACKAGES = ['protocol', 'client', 'authentication-requests', 'widget', 'react', 'server']

/** One sentence per problem. */
export async function publishProblems() {
  const problems = []
  for (const name of PACKAGES) {
    const pkgDir = join(ROOT, 'packages', name)
    const pkg = JSON.parse(await readFile(join(pkgDir, 'package.json'), 'utf8'))
    const { messages } = await publint({ pkgDir, pack: false, level: 'warning' })
    for (const message of messages)
      problems.push(`${pkg.name}: ${formatMessage(message, pkg, { color: false })}`)
  }
  return problems
}
