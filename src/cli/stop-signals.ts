// The signals that ask the program to stop.

/** Of a supervisor, of Ctrl-C, of a terminal that is closed, of Ctrl-\ and some supervisors. Each asks for the same orderly stop. */
export const stopSignals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const
