import fc from "fast-check";

/** A property is tried again for each mutant: in this time, in milliseconds, most are found out. */
fc.configureGlobal({ interruptAfterTimeLimit: 500 });
