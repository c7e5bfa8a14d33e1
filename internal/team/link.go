package team

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team/secret"
)

// LinkKind is what a link is for.
type LinkKind string

// The links that people get; both let them choose a password.
const (
	Invitation LinkKind = "invitation"
	Reset      LinkKind = "reset"

	linkChallenge LinkKind = "challenge" // between password and code
	linkPass      LinkKind = "pass"      // through the maintenance lock
)

// lives is how long each kind can be used.
var lives = map[LinkKind]time.Duration{
	Invitation:    72 * time.Hour,
	Reset:         2 * time.Hour,
	linkChallenge: 10 * time.Minute,
	linkPass:      12 * time.Hour,
}

// Link is a link that still works, as the page behind it shows it.
type Link struct {
	Kind      LinkKind
	PersonID  int64
	Name      string
	Email     string
	Language  i18n.Lang
	ExpiresAt clock.Instant

	id int64
}

const sqlInsertLink = `INSERT INTO team_links (kind, hash, person_id, expires_at) VALUES ($1, $2, $3, $4)`

// insertLink makes a link and gives its token, which is not stored.
func insertLink(ctx context.Context, tx *db.Tx, kind LinkKind, personID int64, now clock.Instant) (string, clock.Instant, error) {
	token := secret.NewToken()
	expires := now.Add(lives[kind])
	if _, err := tx.Exec(ctx, sqlInsertLink, kind, secret.Hash(token), orNull(personID), expires); err != nil {
		return "", 0, fmt.Errorf("insert link: %w", err)
	}
	return token, expires, nil
}

const sqlFindLink = `
SELECT l.id, l.kind, l.expires_at, p.id, p.name, p.email, p.language
FROM team_links l JOIN team_people p ON p.id = l.person_id
WHERE l.hash = $1 AND p.active = TRUE`

func scanLink(row db.Scanner) (Link, error) {
	var l Link
	err := row.Scan(&l.id, &l.Kind, &l.ExpiresAt, &l.PersonID, &l.Name, &l.Email, &l.Language)
	return l, err
}

// findLink gives the person's link of one of these kinds; NotFound for an
// unknown, used or expired one.
func (s *Service) findLink(ctx context.Context, op, token string, kinds ...LinkKind) (l Link, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		l, err = db.One(ctx, tx, scanLink, sqlFindLink, secret.Hash(token))
		return err
	})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Link{}, errs.Wrap(op, err)
	}
	for _, kind := range kinds {
		if err == nil && l.Kind == kind && s.now() < l.ExpiresAt {
			return l, nil
		}
	}
	return Link{}, errLinkDead(op)
}

func errLinkDead(op string) error { return errs.New(errs.NotFound, op, "team.error.link-dead") }

const (
	sqlUseLink     = `DELETE FROM team_links WHERE id = $1`
	sqlRemoveLinks = `DELETE FROM team_links WHERE person_id = $1`
	sqlRemovePass  = `DELETE FROM team_links WHERE kind = 'pass'`
	sqlFindPass    = `SELECT expires_at FROM team_links WHERE hash = $1 AND kind = 'pass'`
)

// useLink removes a link; an error if someone else was faster.
func useLink(ctx context.Context, tx *db.Tx, op string, id int64) error {
	used, err := touched(tx.Exec(ctx, sqlUseLink, id))
	if err != nil {
		return fmt.Errorf("use link: %w", err)
	}
	if !used {
		return errLinkDead(op)
	}
	return nil
}

// removeLinks makes every link of a person worthless.
func removeLinks(ctx context.Context, tx *db.Tx, personID int64) error {
	if _, err := tx.Exec(ctx, sqlRemoveLinks, personID); err != nil {
		return fmt.Errorf("remove links: %w", err)
	}
	return nil
}
