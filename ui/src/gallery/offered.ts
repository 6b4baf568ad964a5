// What is offered to begin with, in the user's language and with the user's own folders in it. The texts themselves name
// words by their ids and folders as an English desktop calls them.

import type { UserFolders } from "../api/UserFolders";
import { t } from "../words/words.svelte";

/** A text of ours as the user gets it; folders keep their English names while nobody knows better. */
export function offered(text: string, folders: UserFolders | undefined): string {
  const spoken = text.replace(/\bgallery-[a-z-]+/g, (id) => t(id));
  if (folders === undefined) return spoken;
  const own = (_: string, name: string) => folders[name.toLowerCase() as keyof UserFolders];
  return spoken.replace(/~\/(Desktop|Documents|Downloads|Music|Pictures|Videos)\b/g, own);
}
