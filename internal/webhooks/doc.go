// Package webhooks tells programs of others what happens here, by the Standard
// Webhooks convention: a POST with a signed body {type, timestamp, data} for
// every entry of the journal that an endpoint has asked for.
//
// Nouns: Endpoint (an address with its secret, its events and the role as which
// it reads), Delivery (one entry on its way to one endpoint), Attempt (one try,
// with what was answered).
//
// An endpoint follows the journal behind its cursor: a job (webhooks.feed) adds
// deliveries for new entries, and another (webhooks.deliver) sends them, one
// endpoint at a time and in the order of the journal. What the other side
// answers with a failure is tried again with growing pauses for three days,
// while what comes behind goes on; while it cannot be reached at all, the whole
// line waits, so that order is kept. Each event comes at least once. An answer
// of 410, or five days without success, turns an endpoint off.
//
// Nothing calls out before somebody has made an endpoint. Addresses of this
// machine and of private networks are refused when the connection is made,
// after names were resolved, unless the operator allows them; redirects are not
// followed.
//
// Tables: webhooks_endpoints, webhooks_deliveries, webhooks_attempts. Jobs:
// webhooks.feed, webhooks.deliver, webhooks.sweep. Secrets are stored as they
// are, because messages are signed with them; no page shows one again and the
// journal never holds it.
package webhooks
