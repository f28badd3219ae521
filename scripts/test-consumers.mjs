/** `pnpm test:consumers [NAME…|all]`: the published packages in fresh applications; see test/consumers/README.md. */
const names = process.argv.slice(2)
process.env.CONSUMERS = names.join(' ')
process.argv = [...process.argv.slice(0, 2), '--project', 'test', 'src/consumers.test.ts']
await import('./test.mjs')
