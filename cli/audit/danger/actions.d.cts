/** The names of the actions that change something, separated by spaces, by service in lower case. */
export const changing: Readonly<Record<string, string>>;
