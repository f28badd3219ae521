/** `pnpm reports`: writes again what is made from the sources and kept in the repository. */
import { writeApiReports } from './api-reports.mjs'
import { build } from './build.mjs'
import { writeGrowthPage } from './growth.mjs'
import { writeRestPage } from './rest-page.mjs'
import { writeWidgetTables } from './widget-tables.mjs'
import { writeWordsPage } from './words-page.mjs'

if ((await build()) !== 0) process.exit(1)
await writeWidgetTables()
await writeApiReports()
await writeRestPage()
writeGrowthPage()
writeWordsPage()
