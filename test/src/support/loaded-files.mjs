/** Loaded by `--import`: appends the address of each module that is loaded to the file that LOADED_FILES names. */
import { register } from 'node:module'

const hooks = `
import { appendFileSync } from 'node:fs'
export function load(url, context, next) {
  appendFileSync(process.env.LOADED_FILES, url + '\\n')
  return next(url, context)
}
`
register(`data:text/javascript,${encodeURIComponent(hooks)}`)
