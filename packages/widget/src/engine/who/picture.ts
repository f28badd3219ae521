/** Pictures of people and logos, which a page's content security policy may refuse. */

/** A picture that says nothing beside a name; it removes itself if it cannot be loaded. */
export function pictureOf(url: string): HTMLImageElement {
  const picture = new Image()
  picture.alt = ''
  picture.referrerPolicy = 'no-referrer'
  picture.onerror = () => picture.remove()
  picture.src = url
  return picture
}
