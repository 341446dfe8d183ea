// Why the sandbox carries a message.

/** No provider is configured, the route names the sandbox, or the message's event is a test. */
export const sandboxCauses = ['no_provider', 'route', 'test_event'] as const
export type SandboxCause = (typeof sandboxCauses)[number]
