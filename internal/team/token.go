package team

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/team/secret"
)

// usedEvery is how exactly a token knows when it was last used.
const usedEvery = time.Minute

// Token is a program's key to the API. The key itself is shown once and never
// stored.
type Token struct {
	ID          int64
	Name        string
	Hint        string // beginning of the key, to recognise it by
	PersonID    int64  // whom the program acts for: "own" records are theirs; 0: nobody
	Roles       []authz.Role
	Permissions []string // narrows what the roles grant; empty: not narrowed
	CreatedBy   string
	CreatedAt   clock.Instant
	ExpiresAt   clock.Instant // zero: never
	UsedAt      clock.Instant // give or take a minute; zero: never
	RevokedAt   clock.Instant // zero: not revoked
}

// Works tells whether the token opens anything at that moment.
func (t Token) Works(now clock.Instant) bool {
	return t.RevokedAt.IsZero() && (t.ExpiresAt.IsZero() || now < t.ExpiresAt)
}

// tokenRecord is a token as the journal keeps it.
type tokenRecord struct {
	Name        string        `json:"name"`
	Hint        string        `json:"hint"`
	PersonID    int64         `json:"person_id,omitempty"`
	Roles       []authz.Role  `json:"roles"`
	Permissions []string      `json:"permissions,omitempty"`
	ExpiresAt   clock.Instant `json:"expires_at,omitempty"`
}

func (t Token) record() tokenRecord {
	return tokenRecord{t.Name, t.Hint, t.PersonID, t.Roles, t.Permissions, t.ExpiresAt}
}

const sqlInsertToken = `
INSERT INTO team_tokens (name, hash, hint, person_id, roles, permissions, created_by, created_at, expires_at, used_at, revoked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0) RETURNING id`

func insertToken(ctx context.Context, tx *db.Tx, t Token, key string) (int64, error) {
	var id int64
	err := tx.QueryRow(ctx, sqlInsertToken, t.Name, secret.Hash(key), t.Hint, orNull(t.PersonID), joinRoles(t.Roles),
		strings.Join(t.Permissions, ","), t.CreatedBy, t.CreatedAt, t.ExpiresAt).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("insert token: %w", err)
	}
	return id, nil
}

const (
	sqlListTokens = `
SELECT id, name, hint, COALESCE(person_id, 0), roles, permissions, created_by, created_at, expires_at, used_at, revoked_at
FROM team_tokens ORDER BY id DESC`
	sqlFindToken = `
SELECT id, name, hint, COALESCE(person_id, 0), roles, permissions, created_by, created_at, expires_at, used_at, revoked_at
FROM team_tokens WHERE id = $1`
)

func scanToken(row db.Scanner) (Token, error) {
	var t Token
	var roles, permissions string
	err := row.Scan(&t.ID, &t.Name, &t.Hint, &t.PersonID, &roles, &permissions, &t.CreatedBy, &t.CreatedAt,
		&t.ExpiresAt, &t.UsedAt, &t.RevokedAt)
	t.Roles = splitRoles(roles)
	if permissions != "" {
		t.Permissions = strings.Split(permissions, ",")
	}
	return t, err
}

// sqlFindByKey finds by the hash of the key: the comparison's time says
// nothing about the key.
const sqlFindByKey = `
SELECT t.id, t.name, t.hint, COALESCE(t.person_id, 0), t.roles, t.permissions, t.created_by, t.created_at,
  t.expires_at, t.used_at, t.revoked_at, c.version
FROM team_tokens t JOIN team_company c ON c.id = 1
WHERE t.hash = $1`

// findByKey reads a token by its key together with the version of the team;
// found is false if there is none.
func findByKey(ctx context.Context, tx *db.Tx, key string) (t Token, version int64, found bool, err error) {
	t, err = scanToken(withVersion{tx.QueryRow(ctx, sqlFindByKey, secret.Hash(key)), &version})
	if errors.Is(err, sql.ErrNoRows) {
		return Token{}, 0, false, nil
	}
	if err != nil {
		return Token{}, 0, false, fmt.Errorf("token: %w", err)
	}
	return t, version, true, nil
}

// withVersion scans one column more than the row's own scanner knows of.
type withVersion struct {
	row     db.Scanner
	version *int64
}

// Scan implements db.Scanner.
func (w withVersion) Scan(dest ...any) error { return w.row.Scan(append(dest, w.version)...) }

func findToken(ctx context.Context, tx *db.Tx, op string, id int64) (Token, error) {
	t, err := db.One(ctx, tx, scanToken, sqlFindToken, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Token{}, errs.New(errs.NotFound, op, "team.error.token-not-found")
	}
	if err != nil {
		return Token{}, fmt.Errorf("token: %w", err)
	}
	return t, nil
}

const (
	sqlUseToken    = `UPDATE team_tokens SET used_at = $2 WHERE id = $1 AND used_at <= $3`
	sqlRevokeToken = `UPDATE team_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at = 0`
)
