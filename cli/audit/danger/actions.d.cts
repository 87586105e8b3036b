/** The names of the actions that change something, with a space between them, by service in lower case. */
export const changing: Readonly<Record<string, string>>;
