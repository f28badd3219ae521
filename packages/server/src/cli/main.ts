/** The `chat-widget-server` command. */
import { RELEASE } from '@chat-widget/protocol'
import { ConfigurationError } from '../config/configuration-error.ts'
import { apiKeyCommand } from './api-key-command.ts'
import { describeFailure } from './failure.ts'
import { helpText } from './help.ts'
import { serve } from './serve.ts'
import { printLine, processTerminal, type Terminal } from './terminal.ts'

/** Resolves with the exit code: 0; 1 for an error of the system; 2 for a bad configuration or a bad call. */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  try {
    return await run(argv, terminal)
  } catch (error) {
    if (error instanceof ConfigurationError) {
      printLine(terminal.stderr, error.message)
      return 2
    }
    printLine(terminal.stderr, `chat-widget-server: ${describeFailure(error)}`)
    return 1
  }
}

async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [command, ...rest] = argv
  if (argv.includes('--help') || argv.includes('-h')) {
    printLine(terminal.stdout, helpText())
    return 0
  }
  if (argv.includes('--version')) {
    printLine(terminal.stdout, RELEASE)
    return 0
  }
  switch (command) {
    case 'agent': {
      const { agentCommand } = await import('./agent-command.ts')
      return agentCommand(rest, terminal)
    }
    case 'api-key':
      return apiKeyCommand(rest, terminal)
    case 'audit': {
      const { auditCommand } = await import('./audit-command.ts')
      return auditCommand(rest, terminal)
    }
    case 'backup': {
      const { backupCommand } = await import('./backup-command.ts')
      return backupCommand(rest, terminal)
    }
    case 'erase': {
      const { eraseCommand } = await import('./person-commands.ts')
      return eraseCommand(rest, terminal)
    }
    case 'export': {
      const { exportCommand } = await import('./person-commands.ts')
      return exportCommand(rest, terminal)
    }
    case 'help':
      printLine(terminal.stdout, helpText())
      return 0
    case 'init': {
      const { initCommand } = await import('./init-command.ts')
      return initCommand(rest, terminal)
    }
    case 'serve':
      return serve(rest, terminal)
    case 'webhooks': {
      const { webhooksCommand } = await import('./webhooks-command.ts')
      return webhooksCommand(rest, terminal)
    }
    default:
      if (command !== undefined && !command.startsWith('-'))
        throw new ConfigurationError(command, 'unknown command; chat-widget-server --help lists them')
      return serve(argv, terminal)
  }
}
