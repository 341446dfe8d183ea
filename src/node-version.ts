// Ends the process on an older Node with the code of wrong settings, which no restart fixes. It imports nothing, so that
// every Node that knows modules can load it.
const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(
    `Posthorn requires Node 24; this is ${process.versions.node}. npm ci installs Node 24, and npm start uses it.`,
  )
  process.exit(78)
}
