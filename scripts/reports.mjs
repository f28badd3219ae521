/** `pnpm reports`: writes again what is made from the sources and kept in the repository. */
import { writeWidgetTables } from './widget-tables.mjs'

await writeWidgetTables()
