/** Why something was refused, without the place in the file, which says nothing to a person. */
export function plain(why: string): string {
  return why.replace(/^\$\S*: /, "");
}
