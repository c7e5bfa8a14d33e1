package journal

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
)

// writeTogether is how many entries share a statement.
const writeTogether = 250

// WriteAll is Write for many entries at once, for imports. The ids are in the
// order of the entries.
func WriteAll(ctx context.Context, tx *db.Tx, entries []Entry) ([]int64, error) {
	all := make([]int64, 0, len(entries))
	for part := range slices.Chunk(entries, writeTogether) {
		ids, err := writeSome(ctx, tx, part)
		if err != nil {
			return nil, fmt.Errorf("journal.WriteAll %s: %w", part[0].Kind, err)
		}
		for _, id := range ids {
			tx.Announce(id)
		}
		all = append(all, ids...)
	}
	return all, nil
}

func writeSome(ctx context.Context, tx *db.Tx, entries []Entry) ([]int64, error) {
	actor := authz.From(ctx)
	rows, payloads := make([]any, 0, 10*len(entries)), make([]any, 0, 4*len(entries))
	for _, e := range entries {
		before, err := marshal(e.Before)
		if err != nil {
			return nil, err
		}
		after, err := marshal(e.After)
		if err != nil {
			return nil, err
		}
		r := Record{
			At: tx.Now(), Kind: e.Kind, ActorKind: actor.Kind, ActorID: actorID(actor), ActorName: actor.Name,
			Subject: e.Subject, CustomerID: e.CustomerID, RequestID: RequestID(ctx), Before: before, After: after,
		}
		salt := newSalt()
		rows = append(rows, r.At, r.Kind, r.ActorKind, r.ActorID, r.ActorName, r.Subject.Type, r.Subject.ID, r.CustomerID,
			r.RequestID, digest(r, salt))
		payloads = append(payloads, nil, salt, text(before), text(after))
	}
	ids, err := db.All(ctx, tx, db.Value[int64], `INSERT INTO platform_journal
  (at, kind, actor_kind, actor_id, actor_name, subject_type, subject_id, customer_id, request_id, digest)
VALUES `+tuples(tx, len(entries), 10)+` RETURNING id`, rows...)
	if err != nil {
		return nil, err
	}
	slices.Sort(ids) // given out rising, whatever order they are returned in
	for i, id := range ids {
		payloads[4*i] = id
	}
	_, err = tx.Exec(ctx, `INSERT INTO platform_journal_payloads (entry_id, salt, before, after) VALUES `+
		tuples(tx, len(entries), 4), payloads...)
	return ids, err
}

// tuples writes "($1, $2), ($3, $4)", for SQLite "(?, ?), (?, ?)": it compares
// every numbered argument with all before it.
func tuples(tx *db.Tx, count, width int) string {
	sign := db.Pick(tx, "$", "?")
	var b strings.Builder
	for i := range count * width {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%width == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		b.WriteString(sign)
		if sign == "$" {
			b.WriteString(strconv.Itoa(i + 1))
		}
	}
	return b.String() + ")"
}
