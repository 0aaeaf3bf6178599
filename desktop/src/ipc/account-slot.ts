/** Which account a page belongs to: said in its address. Without a schema, so that the preload stays small. */

/** The slot every profile has; it lies in the profile's folder itself, where a profile of one account always was. */
export const FIRST_SLOT = '1';

/** Names the slot in the address of a page; the first one's page is named by none. */
export const ACCOUNT_PARAMETER = 'account';
