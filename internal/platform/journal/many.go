package journal

import (
	"context"
	"fmt"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
)

// toldApart is how many entries written at once are announced one by one. Of
// more, only the last is: who listens for changes is to look again once, not a
// thousand times.
const toldApart = 20

// WriteAll is Write for many entries at once, for imports. The ids are in the
// order of the entries.
func WriteAll(ctx context.Context, tx *db.Tx, entries []Entry) ([]int64, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	ids, err := writeAll(ctx, tx, entries)
	if err != nil {
		return nil, fmt.Errorf("journal.WriteAll %s: %w", entries[0].Kind, err)
	}
	told := ids
	if len(ids) > toldApart {
		told = ids[len(ids)-1:]
	}
	for _, id := range told {
		tx.Announce(id)
	}
	return ids, nil
}

func writeAll(ctx context.Context, tx *db.Tx, entries []Entry) ([]int64, error) {
	ids, err := db.TakeIDs(ctx, tx, "platform_journal", len(entries))
	if err != nil {
		return nil, err
	}
	actor := authz.From(ctx)
	rows := db.NewRows("platform_journal",
		"id, at, kind, actor_kind, actor_id, actor_name, subject_type, subject_id, customer_id, request_id, digest")
	payloads := db.NewRows("platform_journal_payloads", "entry_id, salt, before, after")
	for i, e := range entries {
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
		rows.Add(ids[i], r.At, r.Kind, r.ActorKind, r.ActorID, r.ActorName, r.Subject.Type, r.Subject.ID, r.CustomerID,
			r.RequestID, digest(r, salt))
		payloads.Add(ids[i], salt, text(before), text(after))
	}
	if err := rows.Insert(ctx, tx); err != nil {
		return nil, err
	}
	return ids, payloads.Insert(ctx, tx)
}
