// Package journal is the append-only record of everything that happened: who,
// when, what, about which customer, before and after. It is written in the
// same transaction as the change it tells of; the timeline, the audit page,
// undo, webhooks and live updates all read it.
//
// An entry's payload (before and after) is kept apart from the entry and
// covered by a salted digest. The digests form a hash chain (see seal.go), so
// that a changed, added or missing entry is noticed, while the payload of an
// erased person can be destroyed without breaking the chain.
package journal

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
)

// Ref points at a record: its kind ("customer", "person") and id.
type Ref struct {
	Type string
	ID   int64
}

// Entry is what a use case tells the journal. Kind is "module.event_in_past";
// CustomerID is 0 for what concerns no customer. Before and After are marshalled
// to JSON; nil leaves them out. They must not hold secrets.
type Entry struct {
	Kind       string
	Subject    Ref
	CustomerID int64
	Before     any
	After      any
}

// Record is an entry as it is kept. Before and After are nil once erased, or
// when there were none.
type Record struct {
	ID         int64
	At         clock.Instant
	Kind       string
	ActorKind  authz.ActorKind
	ActorID    int64
	ActorName  string
	Subject    Ref
	CustomerID int64
	RequestID  string
	Digest     string
	Before     json.RawMessage
	After      json.RawMessage
}

type requestKey struct{}

// WithRequest keeps the request's id for the entries written under ctx.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID is the request id of the context, or "".
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

const sqlInsertEntry = `
INSERT INTO platform_journal
  (at, kind, actor_kind, actor_id, actor_name, subject_type, subject_id, customer_id, request_id, digest)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`

const sqlInsertPayload = `
INSERT INTO platform_journal_payloads (entry_id, salt, before, after) VALUES ($1, $2, $3, $4)`

// Write adds an entry to the journal within the caller's transaction and
// returns its id. Listeners of the database (db.DB.Subscribe) hear of the id
// after the commit.
func Write(ctx context.Context, tx *db.Tx, e Entry) (int64, error) {
	before, err := marshal(e.Before)
	if err != nil {
		return 0, fmt.Errorf("journal.Write %s: %w", e.Kind, err)
	}
	after, err := marshal(e.After)
	if err != nil {
		return 0, fmt.Errorf("journal.Write %s: %w", e.Kind, err)
	}
	actor := authz.From(ctx)
	r := Record{
		At: tx.Now(), Kind: e.Kind,
		ActorKind: actor.Kind, ActorID: actorID(actor), ActorName: actor.Name,
		Subject: e.Subject, CustomerID: e.CustomerID, RequestID: RequestID(ctx),
		Before: before, After: after,
	}
	salt := newSalt()
	r.Digest = digest(r, salt)
	err = tx.QueryRow(ctx, sqlInsertEntry, r.At, r.Kind, r.ActorKind, r.ActorID, r.ActorName,
		r.Subject.Type, r.Subject.ID, r.CustomerID, r.RequestID, r.Digest).Scan(&r.ID)
	if err != nil {
		return 0, fmt.Errorf("journal.Write %s: %w", e.Kind, err)
	}
	if _, err := tx.Exec(ctx, sqlInsertPayload, r.ID, salt, text(before), text(after)); err != nil {
		return 0, fmt.Errorf("journal.Write %s: %w", e.Kind, err)
	}
	tx.Announce(r.ID)
	return r.ID, nil
}

func actorID(a authz.Actor) int64 {
	if a.Kind == authz.Token {
		return a.TokenID
	}
	return a.UserID
}

func marshal(v any) (json.RawMessage, error) {
	if v == nil {
		return nil, nil
	}
	return json.Marshal(v)
}

// text makes JSON a database value: NULL when there is none.
func text(j json.RawMessage) any {
	if j == nil {
		return nil
	}
	return string(j)
}

func newSalt() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// digest is the entry's digest and its payload's, joined by a colon: the first
// covers every column of the entry but its id, and the second, so that it can
// still be checked when the payload has been erased.
func digest(r Record, salt string) string {
	payload := payloadDigest(r, salt)
	return entryDigest(r, payload) + ":" + payload
}

func entryDigest(r Record, payload string) string {
	return hashParts(strconv.FormatInt(int64(r.At), 10), r.Kind,
		string(r.ActorKind), strconv.FormatInt(r.ActorID, 10), r.ActorName,
		r.Subject.Type, strconv.FormatInt(r.Subject.ID, 10), strconv.FormatInt(r.CustomerID, 10),
		r.RequestID, payload)
}

// payloadDigest takes the JSON in canonical form, because PostgreSQL's JSONB
// does not keep the text as written.
func payloadDigest(r Record, salt string) string {
	return hashParts(salt, canonical(r.Before), canonical(r.After))
}

func hashParts(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		_, _ = fmt.Fprintf(h, "%d:%s", len(part), part) // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil))
}

// canonical is JSON with sorted keys and exact numbers.
func canonical(j json.RawMessage) string {
	if j == nil {
		return ""
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(j))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return string(j)
	}
	out, err := json.Marshal(v)
	if err != nil {
		return string(j)
	}
	return string(out)
}
