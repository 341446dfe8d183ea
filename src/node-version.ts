// Ends the process on an older Node. It is imported before the packages, some of which cannot be loaded there.
const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(
    `Posthorn requires Node 24; this is ${process.versions.node}. npm ci installs Node 24, and npm start uses it.`,
  )
  process.exit(1)
}
