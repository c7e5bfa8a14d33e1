package journal

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
)

// chosen writes the statement for entries of some kinds or of a period.
type chosen struct {
	args []any
}

func (c *chosen) arg(v any) string {
	c.args = append(c.args, v)
	return "$" + strconv.Itoa(len(c.args))
}

// lateIDs is how many ids back an entry may lie that was written down later
// than one behind it: transactions take their ids and end in their own order.
const lateIDs = 1000

// listChosen gives entries of some kinds or of a period, newest first. What
// one customer or one person did is read down their index; kinds of all are
// read down theirs, each for itself.
func listChosen(ctx context.Context, tx *db.Tx, q Query, before int64) ([]Record, error) {
	var after int64
	if q.To != 0 {
		id, err := firstSince(ctx, tx, q.To)
		if err != nil {
			return nil, err
		}
		before = min(before, id+lateIDs)
	}
	if q.From != 0 {
		id, err := firstSince(ctx, tx, q.From)
		if err != nil {
			return nil, err
		}
		after = max(0, id-1-lateIDs)
	}
	statement, args := choose(q, before, after)
	return db.All(ctx, tx, scanRecord, statement, args...)
}

func choose(q Query, before, after int64) (statement string, args []any) {
	c := &chosen{}
	var b strings.Builder
	b.WriteString(" AND j.id < " + c.arg(before) + " AND j.id > " + c.arg(after))
	if q.From != 0 {
		b.WriteString(" AND j.at >= " + c.arg(q.From))
	}
	if q.To != 0 {
		b.WriteString(" AND j.at < " + c.arg(q.To))
	}
	if q.CustomerID != 0 {
		b.WriteString(" AND j.customer_id = " + c.arg(q.CustomerID))
	}
	if q.ActorID != 0 {
		b.WriteString(" AND j.actor_kind = 'person' AND j.actor_id = " + c.arg(q.ActorID))
	}
	if q.Kept {
		b.WriteString(" AND EXISTS (SELECT 1 FROM platform_journal_payloads k WHERE k.entry_id = j.id AND (k.before IS NOT NULL OR k.after IS NOT NULL))")
	}
	where := b.String()
	limit := c.arg(q.Limit)
	if len(q.Kinds) > 0 && q.CustomerID == 0 && q.ActorID == 0 {
		where = c.eachKind(q.Kinds, where, limit)
	} else if len(q.Kinds) > 0 {
		where += " AND j.kind IN (" + c.list(q.Kinds) + ")"
	}
	return recordColumns + " WHERE TRUE" + where + " ORDER BY j.id DESC LIMIT " + limit, c.args
}

func (c *chosen) list(kinds []string) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = c.arg(k)
	}
	return strings.Join(names, ", ")
}

// eachKind takes the newest of every kind.
func (c *chosen) eachKind(kinds []string, where, limit string) string {
	var b strings.Builder
	b.WriteString(" AND j.id IN (")
	for i, k := range kinds {
		if i > 0 {
			b.WriteString(" UNION ALL ")
		}
		b.WriteString("SELECT id FROM (SELECT j.id FROM platform_journal j WHERE j.kind = " + c.arg(k) + where +
			" ORDER BY j.id DESC LIMIT " + limit + ") AS k" + strconv.Itoa(i))
	}
	b.WriteString(")")
	return b.String()
}

const sqlFrom = `SELECT id, at FROM platform_journal WHERE id >= $1 ORDER BY id LIMIT 1`

// firstSince gives the id of about the first entry of that moment or later:
// ids and time rise together. It halves the journal some twenty times.
func firstSince(ctx context.Context, tx *db.Tx, at clock.Instant) (int64, error) {
	last, err := Last(ctx, tx)
	if err != nil {
		return 0, err
	}
	low, high := int64(1), last+1
	for low < high {
		middle := low + (high-low)/2
		var id int64
		var then clock.Instant
		err := tx.QueryRow(ctx, sqlFrom, middle).Scan(&id, &then)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			high = middle
		case err != nil:
			return 0, err
		case then < at:
			low = id + 1
		default:
			high = middle
		}
	}
	return low, nil
}
