/** `pnpm cluster`: starts the shop on three servers, prints what to try, and kills and starts servers on request. */
import { fileURLToPath } from 'node:url'
import { type Cluster, startCluster } from './cluster.ts'

const DATA = fileURLToPath(new URL('../.data/cluster', import.meta.url))

function describe({ shopUrl, consoleUrl, chatUrl, agent, customers, nodes }: Cluster): string {
  const [customer] = customers
  return [
    '',
    'Northwind is open, with its chat on three servers.',
    '',
    `  Shop      ${shopUrl}`,
    `  Console   ${consoleUrl}   ${agent.email}  ${agent.password}`,
    `  Chat      ${chatUrl}   nginx, which spreads visitors over`,
    ...nodes.map(({ url, pid }, index) => `  Server ${index + 1}  ${url}   process ${pid}`),
    `  Customer  ${customer?.email}  ${customer?.password}`,
    '',
    '  Try',
    '  1  Write from the shop and answer in the console: they are on different servers, most of the time.',
    '  2  Type "kill 1" + Enter (or 2, 3) while you write: the server ends at once, as by kill -9, and nothing is lost.',
    '  3  Type "start 1" + Enter: it is back, and gets its share of new connections.',
    '  4  Type "drain 2" + Enter: SIGTERM, as in an update. Its devices go to the others.',
    `  5  Look which one a browser is on: curl ${nodes[0]?.url}/metrics | grep chat_sockets`,
    '',
    '  Ctrl-C stops everything.',
    '',
  ].join('\n')
}

async function obey(cluster: Cluster, line: string): Promise<string> {
  const [, verb, number] = /^(kill|drain|start) ([1-9])$/.exec(line.trim()) ?? []
  const node = cluster.nodes[Number(number) - 1]
  if (node === undefined) return 'kill, drain or start, and the number of a server'
  if (verb === 'start') {
    await node.start()
    return `server ${number} runs: process ${node.pid}`
  }
  await node.stop(verb === 'kill' ? 'SIGKILL' : 'SIGTERM')
  return `server ${number} ended`
}

const cluster = await startCluster({ dataDir: process.env.CLUSTER_DATA ?? DATA })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    cluster.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
}
console.log(describe(cluster))
process.stdin.setEncoding('utf8').on('data', (typed) => {
  obey(cluster, String(typed)).then(
    (answer) => console.log(answer),
    (error: Error) => console.error(error.message),
  )
})
