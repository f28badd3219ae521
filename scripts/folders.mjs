/** Checks that a package's folders do not import each other in a circle, types included. Biome checks files. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { ROOT } from './run.mjs'

const PACKAGES = 'packages'
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g

/** Shipped sources only: tests may import from every folder. */
const sourcesOf = (src) =>
  readdirSync(src, { recursive: true }).filter((path) => /(?<!\.test|\.testing)\.ts$/.test(path))

const folderOf = (path) => (path.includes(sep) ? path.slice(0, path.indexOf(sep)) : null)

/** Folder → the folders it imports, each with one importing file. Files beside the folders compose them. */
function graphOf(src) {
  const graph = new Map()
  for (const path of sourcesOf(src)) {
    const folder = folderOf(path)
    if (folder === null) continue
    if (!graph.has(folder)) graph.set(folder, new Map())
    for (const [, specifier] of readFileSync(join(src, path), 'utf8').matchAll(IMPORT)) {
      const target = relative(src, join(src, dirname(path), specifier))
      const other = folderOf(target)
      if (other !== null && other !== folder) graph.get(folder).set(other, `${path} imports ${target}`)
    }
  }
  return graph
}

/** The shortest way from a folder back to itself; empty if there is none. */
function circleThrough(graph, folder) {
  const ways = [[folder]]
  const seen = new Set()
  for (let way = ways.shift(); way !== undefined; way = ways.shift())
    for (const next of graph.get(way.at(-1))?.keys() ?? []) {
      if (next === folder) return [...way, folder]
      if (!seen.has(next)) ways.push([...way, next])
      seen.add(next)
    }
  return []
}

/** One sentence for each circle, with the files that close it. */
export function folderProblems() {
  const problems = new Map()
  for (const name of readdirSync(join(ROOT, PACKAGES))) {
    const graph = graphOf(join(ROOT, PACKAGES, name, 'src'))
    for (const folder of graph.keys()) {
      const circle = circleThrough(graph, folder)
      const reasons = circle.slice(1).map((next, index) => graph.get(circle[index]).get(next))
      // The same circle is found from each of its folders.
      const key = [...reasons].sort().join()
      if (circle.length > 0)
        problems.set(key, `${PACKAGES}/${name}: ${circle.join(' → ')} (${reasons.join('; ')})`)
    }
  }
  return [...problems.values()]
}
