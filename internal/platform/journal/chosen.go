package journal

import (
	"context"
	"strconv"
	"strings"

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

// listChosen gives entries of some kinds or of a period, newest first.
func listChosen(ctx context.Context, tx *db.Tx, q Query, before int64) ([]Record, error) {
	statement, args := choose(q, before)
	return db.All(ctx, tx, scanRecord, statement, args...)
}

// choose writes the statement. What one customer or one person did, and a
// period, are read down an index of theirs; kinds of all time are read down
// theirs, each for itself.
func choose(q Query, before int64) (statement string, args []any) {
	c := &chosen{}
	var b strings.Builder
	b.WriteString(" AND j.id < " + c.arg(before))
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
	if len(q.Kinds) > 0 && q.CustomerID == 0 && q.ActorID == 0 && q.From == 0 && q.To == 0 {
		where = c.eachKind(q.Kinds, where, limit)
	} else if len(q.Kinds) > 0 {
		where += " AND (j.kind || '') IN (" + c.list(q.Kinds) + ")" // not by the index of kinds: the other one is narrower
	}
	return recordColumns + " WHERE TRUE" + where + " ORDER BY j.id DESC LIMIT " + limit, c.args
}

// followKinds gives entries of some kinds, oldest first.
func followKinds(ctx context.Context, tx *db.Tx, q Query, until int64) ([]Record, error) {
	c := &chosen{}
	where := " WHERE j.id > " + c.arg(q.AfterID) + " AND j.id <= " + c.arg(until) + " AND j.kind IN (" + c.list(q.Kinds) + ")"
	if q.CustomerID != 0 {
		where += " AND j.customer_id = " + c.arg(q.CustomerID)
	}
	if q.ActorID != 0 {
		where += " AND j.actor_kind = 'person' AND j.actor_id = " + c.arg(q.ActorID)
	}
	return db.All(ctx, tx, scanRecord, recordColumns+where+" ORDER BY j.id LIMIT "+c.arg(q.Limit), c.args...)
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
