// The groups of operations, in the order of the document.
export const tags = [
  { name: 'Events', description: 'Facts in: post them, see what became of them, explain and replay them.' },
  { name: 'Notifications', description: 'Messages out: each is one message to one address on one channel.' },
  { name: 'Recipients', description: 'People: what they do not want to get, and their data.' },
  { name: 'Notifiers', description: 'What each kind of event means for people, and the wording of its messages.' },
  { name: 'Providers', description: 'The vendors that carry messages, with their health.' },
  { name: 'Schedules', description: 'What the clock starts.' },
  { name: 'Webhooks', description: 'Events that are signed by their source.' },
  { name: 'Reports', description: 'What providers tell: receipts, and texts from people.' },
  { name: 'Unsubscribe', description: 'The links in messages, for people and for mail programs (RFC 8058).' },
  { name: 'Callbacks', description: 'What apps are told: requests from Posthorn to them.' },
  { name: 'Service', description: 'Probes and descriptions, without a key.' },
]
