// Package api is how programs use Kartoteka: JSON over HTTP under /api/v1,
// described by OpenAPI 3.1 that is generated from the operations themselves,
// with a page to read it at /api/docs.
//
// An operation is a typed function registered with Register; what it takes and
// gives is described by the tags of its structs. Around it this package sees
// to everything that is the same everywhere: bearer tokens and never cookies,
// the rate of each token, sizes, unknown fields, Idempotency-Key on what
// creates, If-Match on what edits, and failures told as problem+json exactly
// as web.ProblemOf tells them, in the language of Accept-Language.
//
// It owns the table platform_idempotency.
package api
