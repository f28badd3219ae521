/**
 * The types that `@chat-widget/protocol` publishes: its declarations as built, in one file, with what is inferred from
 * schemas written out. So whoever installs a client needs no schema library for its types.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { dts } from 'rolldown-plugin-dts'
import ts from 'typescript-6'
import { ROOT } from './run.mjs'

const PACKAGE = join(ROOT, 'packages/protocol')
const DIST = join(PACKAGE, 'dist')
const IDS = "'../dist/ids.ts'"
const OUTPUT = join(PACKAGE, 'types/index.d.ts')

/** All declarations that the main entry reaches. Ids are branded by a symbol, so there is one declaration of them. */
async function bundle() {
  const build = await rolldown({
    input: { index: join(DIST, 'index.d.ts') },
    external: (id) => !/^[./]/.test(id) || id.endsWith('/ids.ts'),
    plugins: [dts({ dtsOnly: true, generator: 'oxc', tsconfig: false })],
  })
  const { output } = await build.generate({ format: 'es' })
  await build.close()
  // Inferred types name a module by its place among the sources.
  return output[0].code.replaceAll(/(['"])\.{1,2}\/ids\.ts\1/g, IDS)
}

/** Files that exist while types are resolved: the bundle, and a module that sees only what the bundle exports. */
function createProgram(code, idNames) {
  const [flat, scope] = ['flat.d.ts', 'scope.ts'].map((name) => join(PACKAGE, 'types', name))
  const { statements } = ts.createSourceFile(flat, code, ts.ScriptTarget.Latest, true)
  const exported = [...exportedHere(statements).keys(), ...idNames].join(', ')
  const files = new Map([
    [flat, code],
    [scope, `import type { ${exported} } from './flat.d.ts'\nexport {}`],
  ])
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    module: ts.ModuleKind.NodeNext,
    lib: ['lib.es2023.d.ts'],
    types: [],
    skipLibCheck: true,
  }
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile: read } = host
  host.fileExists = (name) => files.has(name) || fileExists(name)
  host.readFile = (name) => files.get(name) ?? read(name)
  const program = ts.createProgram([flat, scope], options, host)
  return {
    checker: program.getTypeChecker(),
    source: program.getSourceFile(flat),
    scope: program.getSourceFile(scope),
  }
}

const { NoTruncation, InTypeAlias, MultilineObjectLiterals } = ts.NodeBuilderFlags
const FORMAT = NoTruncation | InTypeAlias | MultilineObjectLiterals

const declaredNames = (statement) =>
  ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.map(({ name }) => name.text)
    : statement.name === undefined
      ? []
      : [statement.name.text]

/** Exported names, and the names of their declarations. */
const exportedHere = (statements) =>
  new Map(
    statements.flatMap((statement) => {
      if (ts.isExportDeclaration(statement))
        return (statement.exportClause?.elements ?? []).map(({ name, propertyName }) => [
          name.text,
          (propertyName ?? name).text,
        ])
      const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
      return isExported ? declaredNames(statement).map((name) => [name, name]) : []
    }),
  )

const leftmost = (name) => (ts.isQualifiedName(name) ? leftmost(name.left) : name.text)

/** Names that a declaration refers to. */
function identifiersOf(node) {
  const found = new Set()
  const visit = (child) => {
    if (ts.isTypeReferenceNode(child)) found.add(leftmost(child.typeName))
    if (ts.isTypeQueryNode(child)) found.add(leftmost(child.exprName))
    if (ts.isExpressionWithTypeArguments(child)) found.add(child.expression.text)
    if (ts.isExportSpecifier(child)) found.add((child.propertyName ?? child.name).text)
    ts.forEachChild(child, visit)
  }
  visit(node)
  return found
}

/** The declarations that the exports reach, none of which names the schema library. */
function resolve(code, ids) {
  const idNames = new Set([...ids.matchAll(/^export type (\w+)/gm)].map(([, name]) => name))
  const { checker, source, scope } = createProgram(code, idNames)
  const printer = ts.createPrinter()
  const statements = new Map(
    source.statements.flatMap((statement) => declaredNames(statement).map((name) => [name, statement])),
  )
  const uses = new Map([...statements].map(([name, statement]) => [name, identifiersOf(statement)]))
  const inferred = new Set()
  for (let size = -1; size < inferred.size; ) {
    size = inferred.size
    for (const [name, used] of uses)
      if (used.has('z') || [...used].some((other) => other !== name && inferred.has(other)))
        inferred.add(name)
  }

  const usedIds = new Set()
  const texts = new Map()
  const visit = (name) => {
    if (idNames.has(name)) usedIds.add(name)
    const statement = statements.get(name)
    if (statement === undefined || texts.has(statement)) return
    const isAlias = ts.isTypeAliasDeclaration(statement) && statement.typeParameters === undefined
    const [text, used] =
      isAlias && inferred.has(name) ? written(statement) : [statement.getFullText(source), uses.get(name)]
    if (used.has('z')) throw new Error(`the protocol's type ${name} needs the schema library`)
    texts.set(statement, text.trim())
    for (const other of used) visit(other)
  }
  const written = (statement) => {
    const type = checker.getTypeAtLocation(statement.name)
    const node = checker.typeToTypeNode(type, scope, FORMAT)
    const resolved = printer.printNode(ts.EmitHint.Unspecified, node, scope)
    if (/\bany\b/.test(resolved))
      throw new Error(`the protocol's type ${statement.name.text} is not resolved`)
    const head = source.text.slice(statement.getFullStart(), statement.type.getFullStart())
    const text = `${head} ${resolved};`
    return [text, identifiersOf(ts.createSourceFile('one.ts', text, ts.ScriptTarget.Latest, true))]
  }
  for (const name of exportedHere(source.statements).values()) visit(name)
  return [
    `import type { ${[...usedIds].sort().join(', ')} } from ${IDS};`,
    ...source.statements.flatMap((statement) =>
      ts.isExportDeclaration(statement) ? [statement.getText(source)] : (texts.get(statement) ?? []),
    ),
  ].join('\n')
}

async function digest() {
  const hash = createHash('sha256').update(await readFile(import.meta.filename))
  for (const name of (await readdir(DIST, { recursive: true })).sort())
    if (name.endsWith('.d.ts')) hash.update(await readFile(join(DIST, name)))
  return hash.digest('hex')
}

/** Writes the file, unless it was made of the same declarations. */
export async function writeProtocolTypes() {
  const head = `/** Made of the declarations in dist by scripts/protocol-types.mjs: ${await digest()} */`
  if ((await readFile(OUTPUT, 'utf8').catch(() => '')).startsWith(head)) return
  await mkdir(join(OUTPUT, '..'), { recursive: true })
  const ids = await readFile(join(DIST, 'ids.d.ts'), 'utf8')
  await writeFile(OUTPUT, `${head}\n${resolve(await bundle(), ids)}\n`)
}
