/** The page of an OpenAPI document. */
export function restPage(document: unknown): string
