package journal

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"kartoteka.dev/internal/platform/db"
)

// sealBatch is how many entries one transaction seals.
const sealBatch = 500

// lateWindow is how many ids back a seal looks for entries whose transaction
// committed after a later one was sealed already, as can be on PostgreSQL.
const lateWindow = 50_000

const (
	sqlLastSeal   = `SELECT hash FROM platform_journal_seals ORDER BY id DESC LIMIT 1`
	sqlLastSealed = `SELECT COALESCE(MAX(entry_id), 0) FROM platform_journal_seals`
	sqlUnsealed   = `
SELECT j.id, j.digest FROM platform_journal j
WHERE j.id > $1 AND NOT EXISTS (SELECT 1 FROM platform_journal_seals s WHERE s.entry_id = j.id)
ORDER BY j.id LIMIT $2`
)

// Seal adds a link to the hash chain for every entry that has none and returns
// how many it added. Two sealers at once do no harm: one of them fails on the
// chain's uniqueness and finds nothing to do the next time.
func Seal(ctx context.Context, d *db.DB) (int, error) {
	var after int64
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		after, err = db.One(ctx, tx, db.Value[int64], sqlLastSealed)
		return err
	})
	if d.Engine() == db.Postgres {
		after -= lateWindow
	}
	sealed := 0
	for n := sealBatch; err == nil && n == sealBatch; sealed += n {
		n = 0
		err = d.Write(ctx, func(tx *db.Tx) (err error) {
			n, after, err = sealSome(ctx, tx, after)
			return err
		})
	}
	if err != nil {
		return sealed, fmt.Errorf("journal.Seal: %w", err)
	}
	return sealed, nil
}

type unsealed struct {
	id     int64
	digest string
}

// sealSome seals the next entries behind an id, and tells how many they were
// and what the last one's id is: the next look need not begin before it.
func sealSome(ctx context.Context, tx *db.Tx, after int64) (n int, last int64, err error) {
	entries, err := db.All(ctx, tx, func(s db.Scanner) (u unsealed, err error) {
		err = s.Scan(&u.id, &u.digest)
		return u, err
	}, sqlUnsealed, after, sealBatch)
	if err != nil || len(entries) == 0 {
		return 0, after, err
	}
	var prev string
	if err := tx.QueryRow(ctx, sqlLastSeal).Scan(&prev); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, after, err
	}
	links := db.NewRows("platform_journal_seals", "entry_id, prev, hash")
	for _, e := range entries {
		hash := link(prev, e.id, e.digest)
		links.Add(e.id, prev, hash)
		prev = hash
	}
	return len(entries), entries[len(entries)-1].id, links.Insert(ctx, tx)
}

func link(prev string, id int64, digest string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%d|%s", prev, id, digest))
	return hex.EncodeToString(sum[:])
}

// Verdict is what Verify found.
type Verdict struct {
	Sealed   int      // links that hold
	Unsealed int      // entries that wait for the sealing job
	Erased   int      // entries whose payload was destroyed with a person
	Broken   []string // what does not hold, in words for the administrator; at most 20
}

const sqlChain = `
SELECT s.id, s.prev, s.hash, j.id, j.at, j.kind, j.actor_kind, j.actor_id, j.actor_name,
  j.subject_type, j.subject_id, j.customer_id, j.request_id, j.digest,
  p.salt, p.before, p.after
FROM platform_journal_seals s
JOIN platform_journal j ON j.id = s.entry_id
LEFT JOIN platform_journal_payloads p ON p.entry_id = j.id
WHERE s.id > $1 ORDER BY s.id LIMIT 1000`

const sqlCountUnsealed = `
SELECT COUNT(*) FROM platform_journal j
WHERE NOT EXISTS (SELECT 1 FROM platform_journal_seals s WHERE s.entry_id = j.id)`

const sqlCountSeals = `SELECT COUNT(*) FROM platform_journal_seals`

// Verify walks the whole chain and every entry's digest.
func Verify(ctx context.Context, d *db.DB) (Verdict, error) {
	var v Verdict
	err := d.Read(ctx, func(tx *db.Tx) error {
		last, prev := int64(0), ""
		for {
			links, err := db.All(ctx, tx, scanLink, sqlChain, last)
			if err != nil {
				return err
			}
			if len(links) == 0 {
				break
			}
			for _, l := range links {
				v.check(l, prev)
				last, prev = l.seal, l.hash
			}
		}
		var seals int
		if err := tx.QueryRow(ctx, sqlCountSeals).Scan(&seals); err != nil {
			return err
		}
		if walked := v.Sealed + len(v.Broken); seals != walked && len(v.Broken) < 20 {
			v.broken(fmt.Sprintf("%d links have lost their entry", seals-walked))
		}
		return tx.QueryRow(ctx, sqlCountUnsealed).Scan(&v.Unsealed)
	})
	if err != nil {
		return Verdict{}, fmt.Errorf("journal.Verify: %w", err)
	}
	return v, nil
}

type chainLink struct {
	seal       int64
	prev, hash string
	record     Record
	salt       sql.NullString
}

func scanLink(s db.Scanner) (chainLink, error) {
	var l chainLink
	var before, after sql.NullString
	r := &l.record
	err := s.Scan(&l.seal, &l.prev, &l.hash, &r.ID, &r.At, &r.Kind, &r.ActorKind, &r.ActorID, &r.ActorName,
		&r.Subject.Type, &r.Subject.ID, &r.CustomerID, &r.RequestID, &r.Digest, &l.salt, &before, &after)
	r.Before, r.After = raw(before), raw(after)
	return l, err
}

func raw(s sql.NullString) json.RawMessage {
	if !s.Valid {
		return nil
	}
	return json.RawMessage(s.String)
}

func (v *Verdict) check(l chainLink, prev string) {
	r := l.record
	whole, payload, _ := strings.Cut(r.Digest, ":")
	switch {
	case l.prev != prev:
		v.broken(fmt.Sprintf("link %d (entry %d) does not follow the link before it", l.seal, r.ID))
	case l.hash != link(prev, r.ID, r.Digest):
		v.broken(fmt.Sprintf("link %d does not fit entry %d", l.seal, r.ID))
	case whole != entryDigest(r, payload):
		v.broken(fmt.Sprintf("entry %d was changed", r.ID))
	case l.salt.Valid && payload != payloadDigest(r, l.salt.String):
		v.broken(fmt.Sprintf("the payload of entry %d was changed", r.ID))
	default:
		v.Sealed++
		if !l.salt.Valid {
			v.Erased++
		}
	}
}

func (v *Verdict) broken(what string) {
	if len(v.Broken) < 20 {
		v.Broken = append(v.Broken, what)
	}
}
