/**
 * What a page consists of, read off its markup.
 * @module
 */

/** A tag with its attributes. */
export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Every opening tag outside the page's own style and script. */
export function tagsOf(html: string): Tag[] {
  return [
    ...withoutOwnCode(html).matchAll(/<([a-z!][^\s/>]*)((?:\s+[^\s=>"']+(?:="[^"]*")?)*)\s*\/?>/gi),
  ]
    .map(([, name, rest]) => ({
      name: name!.toLowerCase(),
      attributes: new Map(
        [...rest!.matchAll(/([^\s=>"']+)(?:="([^"]*)")?/g)].map((
          [, key, value],
        ) => [key!, value ?? ""]),
      ),
    }));
}

/** The page with the content of its own style and script taken out. */
export function withoutOwnCode(html: string): string {
  return html.replace(/<style>[^]*?<\/style>/, "<style></style>")
    .replace(/<script>[^]*?<\/script>(?=<\/body><\/html>\s*$)/, "<script></script>");
}

/** All that a reader sees: without tags, entities resolved. */
export function textOfPage(html: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"' };
  return withoutOwnCode(html).replace(/<[a-z!/](?:"[^"]*"|[^">])*>/gi, " ")
    .replace(/&(lt|gt|amp|quot);/g, (_, name) => entities[name]!);
}
