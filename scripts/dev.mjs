/** `pnpm dev`: the demo, rebuilt and restarted on every change of a source file. */
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { ROOT } from './run.mjs'

const SETTLE_MS = 200
let demo
let timer

async function stop() {
  if (demo === undefined) return
  const child = demo
  demo = undefined
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

async function restart() {
  const built = await build()
  // A failed build has printed why; the last good one keeps running.
  if (built !== 0) return
  await stop()
  demo = spawn(process.execPath, [join(ROOT, 'apps/demo/dist/main.js')], { cwd: ROOT, stdio: 'inherit' })
}

let running = restart()
for (const folder of ['packages', 'apps', 'words'])
  watch(join(ROOT, folder), { recursive: true }, (_event, file) => {
    if (file === null || /(^|\/)(dist|dist-types|lib|locales|node_modules|\.data)(\/|$)/.test(file)) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      running = running.then(restart)
    }, SETTLE_MS)
  })

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    void stop().then(() => process.exit(0))
  })
