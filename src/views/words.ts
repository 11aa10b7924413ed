/** Where a verification stands, for the manager. The symbol is decoration: the title says it all. */
export type Words = { readonly symbol: string; readonly title: string; readonly next: string }
