// Whom the browser is signed in as, as far as a page can know without asking: the server writes it down.

const NAME = "palabre_here";

/** An account; "" when the last of the browser was signed out; nothing when no server has said anything yet. */
export function here(): string | undefined {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${NAME}=`));
  return found?.slice(NAME.length + 1).replaceAll('"', "");
}

/** Whether what belongs to an account may be shown: not after a sign-out, and not to who signed in after her. */
export function mayShow(account: string): boolean {
  const who = here();
  return who === undefined || who === account;
}
