package team

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/team/secret"
)

// limit is how many attempts in a row are free of waiting, and after how long
// without one they are forgotten.
type limit struct {
	free   int
	forget time.Duration
}

// An address may be shared by a whole company; an account is one person's.
var (
	accountLimit = limit{free: 5, forget: 24 * time.Hour}
	addressLimit = limit{free: 30, forget: time.Hour}
)

// longestWait keeps a stranger from shutting a person out for good.
const longestWait = 15 * time.Minute

// wait is how long after the last of so many failures the next attempt is
// let through: 1 s, 2 s, 4 s … 15 min.
func (l limit) wait(failures int) time.Duration {
	over := failures - l.free
	if over < 0 {
		return 0
	}
	if over >= 10 {
		return longestWait
	}
	return min(longestWait, time.Second<<over)
}

// attempts is what is remembered of one key.
type attempts struct {
	failures int
	last     clock.Instant
}

// next decides about one more attempt: how long it must still wait, or what to
// remember of it.
func (l limit) next(a attempts, now clock.Instant) (attempts, time.Duration) {
	passed := now.Time().Sub(a.last.Time())
	if passed >= l.forget || passed < 0 {
		a.failures = 0
	}
	if left := l.wait(a.failures) - passed; a.failures > 0 && left > 0 {
		return a, left
	}
	return attempts{failures: a.failures + 1, last: now}, 0
}

// key names what attempts are counted for.
type key struct {
	name string
	limit
}

// attemptKeys are the counters of a sign-in: the account, whether it exists or
// not, and the address it comes from.
func attemptKeys(account string, from Device) []key {
	return []key{
		{"account:" + secret.Hash(account), accountLimit},
		{"address:" + network(from.Address), addressLimit},
	}
}

// network is the part of an address that one subscriber has.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	ip = ip.Unmap()
	if ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return ip.String()
	}
	return prefix.String()
}

const (
	// The update that changes nothing makes concurrent attempts queue up.
	sqlTakeAttempts = `
INSERT INTO team_attempts (key, failures, last_at) VALUES ($1, 0, 0)
ON CONFLICT (key) DO UPDATE SET failures = team_attempts.failures
RETURNING failures, last_at`
	sqlCountAttempt   = `UPDATE team_attempts SET failures = $2, last_at = $3 WHERE key = $1`
	sqlForgiveAccount = `DELETE FROM team_attempts WHERE key = $1`
	sqlForgiveOne     = `UPDATE team_attempts SET failures = failures - 1 WHERE key = $1 AND failures > 0`
)

// admit counts an attempt before it is made, so that many at once do not slip
// through together, and refuses it with Limited while a counter says to wait.
func (s *Service) admit(ctx context.Context, op string, keys []key) error {
	now := s.now()
	var left time.Duration
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		for _, k := range keys {
			var a attempts
			if err := tx.QueryRow(ctx, sqlTakeAttempts, k.name).Scan(&a.failures, &a.last); err != nil {
				return fmt.Errorf("attempts: %w", err)
			}
			if a, left = k.next(a, now); left > 0 {
				return errLimited(op, left)
			}
			if _, err := tx.Exec(ctx, sqlCountAttempt, k.name, a.failures, a.last); err != nil {
				return fmt.Errorf("count attempt: %w", err)
			}
		}
		return nil
	})
	return errs.Wrap(op, err)
}

// forgive clears the account's counter after a success and takes this one
// attempt from the address's: a thief with an account of his own must not be
// able to clear it.
func forgive(ctx context.Context, tx *db.Tx, keys []key) error {
	for _, k := range keys {
		statement := sqlForgiveOne
		if k.limit == accountLimit {
			statement = sqlForgiveAccount
		}
		if _, err := tx.Exec(ctx, statement, k.name); err != nil {
			return fmt.Errorf("forgive attempts: %w", err)
		}
	}
	return nil
}

func errLimited(op string, left time.Duration) error {
	if left < time.Minute {
		return errs.New(errs.Limited, op, "team.error.wait-seconds", "Count", int((left+time.Second-1)/time.Second))
	}
	return errs.New(errs.Limited, op, "team.error.wait-minutes", "Count", int((left+time.Minute-1)/time.Minute))
}
