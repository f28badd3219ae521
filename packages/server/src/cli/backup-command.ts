/** `chat-widget-server backup FILE`: a copy of the data, also beside a running server. */
import { ConfigurationError } from '../config/configuration-error.ts'
import { parseFlags, settingsOf } from '../config/flags.ts'
import { storagePlace } from '../config/load-config.ts'
import { PLACE_FLAGS } from './place.ts'
import { printLine, type Terminal } from './terminal.ts'

export async function backupCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { flags, positionals } = parseFlags(argv, PLACE_FLAGS)
  const [file, surplus] = positionals
  if (file === undefined || file === '')
    throw new ConfigurationError('FILE', 'missing; write: chat-widget-server backup FILE')
  if (surplus !== undefined) throw new ConfigurationError(surplus, 'unknown argument')
  const settings = settingsOf(flags, terminal.env)
  const { dataDir, databaseUrl } = storagePlace(settings)
  if (databaseUrl !== undefined)
    throw new ConfigurationError(
      settings['database-url']?.key ?? 'database-url',
      // The address may hold a password.
      `is PostgreSQL's, which has its own program: pg_dump --format=custom --file=${file} "$CHAT_WIDGET_DATABASE_URL"`,
    )
  // Loaded here: other commands do not need SQLite.
  const { backupSqlite } = await import('../storage/sqlite-backup.ts')
  const bytes = await backupSqlite({ dataDir, file })
  printLine(terminal.stdout, `backup: ${file} (${Math.ceil(bytes / 1024)} KB)`)
  return 0
}
