package team

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/team/secret"
)

// How long a session lives: without use, and at most. A cookie that carries
// its token may live as long as SessionLife.
const (
	SessionIdle = 14 * 24 * time.Hour
	SessionLife = 90 * 24 * time.Hour
)

// seenEvery is how exactly a session knows when it was last used.
const seenEvery = 5 * time.Minute

// Device is where a request comes from: the IP address after trusted proxies,
// and the browser as it calls itself.
type Device struct {
	Address string
	Agent   string
	Browser string // what SignedIn.Browser gave it; empty: never seen
}

const maxAgent = 300

func (d Device) tidy() Device {
	d.Agent = trim(d.Agent)
	if r := []rune(d.Agent); len(r) > maxAgent {
		d.Agent = string(r[:maxAgent])
	}
	if network(d.Address) == "unknown" {
		d.Address = ""
	}
	return d
}

// Session is one browser in which a person is signed in.
type Session struct {
	ID        int64
	PersonID  int64
	CreatedAt clock.Instant
	SeenAt    clock.Instant // last use, give or take five minutes
	ExpiresAt clock.Instant // unless it is used again
	Address   string
	Agent     string
}

// alive tells whether the session still opens anything.
func (s Session) alive(now clock.Instant) bool { return now < s.ExpiresAt }

// expiry is when a session ends that was opened and last used then.
func expiry(created, seen clock.Instant) clock.Instant {
	return min(seen.Add(SessionIdle), created.Add(SessionLife))
}

const sqlInsertSession = `
INSERT INTO team_sessions (hash, person_id, created_at, seen_at, expires_at, address, agent)
VALUES ($1, $2, $3, $3, $4, $5, $6)`

// insertSession opens a session and gives its token, which is not stored.
func insertSession(ctx context.Context, tx *db.Tx, personID int64, now clock.Instant, from Device) (token string, err error) {
	token = secret.NewToken()
	from = from.tidy()
	_, err = tx.Exec(ctx, sqlInsertSession, secret.Hash(token), personID, now, expiry(now, now), from.Address, from.Agent)
	if err != nil {
		return "", fmt.Errorf("insert session: %w", err)
	}
	return token, nil
}

const sqlFindSession = `
SELECT s.id, s.person_id, s.created_at, s.seen_at, s.expires_at, s.address, s.agent, c.version
FROM team_sessions s JOIN team_company c ON c.id = 1
WHERE s.hash = $1`

// findSession reads a session by its token together with the version of the
// team; found is false if there is none.
func findSession(ctx context.Context, tx *db.Tx, token string) (session Session, version int64, found bool, err error) {
	s := &session
	err = tx.QueryRow(ctx, sqlFindSession, secret.Hash(token)).
		Scan(&s.ID, &s.PersonID, &s.CreatedAt, &s.SeenAt, &s.ExpiresAt, &s.Address, &s.Agent, &version)
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, 0, false, nil
	}
	if err != nil {
		return Session{}, 0, false, fmt.Errorf("session: %w", err)
	}
	return session, version, true, nil
}

const sqlListSessions = `
SELECT id, person_id, created_at, seen_at, expires_at, address, agent
FROM team_sessions WHERE person_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, id DESC`

func scanSession(row db.Scanner) (Session, error) {
	var s Session
	err := row.Scan(&s.ID, &s.PersonID, &s.CreatedAt, &s.SeenAt, &s.ExpiresAt, &s.Address, &s.Agent)
	return s, err
}

const (
	sqlSeeSession      = `UPDATE team_sessions SET seen_at = $2, expires_at = $3 WHERE id = $1 AND seen_at < $2`
	sqlDeleteSession   = `DELETE FROM team_sessions WHERE id = $1 AND person_id = $2`
	sqlDeleteSessions  = `DELETE FROM team_sessions WHERE person_id = $1 AND id <> $2`
	sqlDeleteByToken   = `DELETE FROM team_sessions WHERE hash = $1`
	sqlExpiredSessions = `DELETE FROM team_sessions WHERE expires_at <= $1`
	sqlExpiredLinks    = `DELETE FROM team_links WHERE expires_at <= $1`
	sqlExpiredAttempts = `DELETE FROM team_attempts WHERE last_at <= $1`
)

// removeSessions ends all sessions of a person but the one given; 0 spares
// none.
func removeSessions(ctx context.Context, tx *db.Tx, personID, except int64) error {
	if _, err := tx.Exec(ctx, sqlDeleteSessions, personID, except); err != nil {
		return fmt.Errorf("delete sessions: %w", err)
	}
	return nil
}
