package team

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

const sqlListPeople = `
SELECT id, version, name, email, language, phone, job_title, roles, active, theme, density,
  password <> '', totp_secret <> '', created_at, signed_in_at
FROM team_people ORDER BY id`

func listPeople(ctx context.Context, tx *db.Tx) ([]Person, error) {
	people, err := db.All(ctx, tx, scanPerson, sqlListPeople)
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	return people, nil
}

const sqlFindPerson = `
SELECT id, version, name, email, language, phone, job_title, roles, active, theme, density,
  password <> '', totp_secret <> '', created_at, signed_in_at
FROM team_people WHERE id = $1`

// findPerson reads a person with their teams.
func findPerson(ctx context.Context, tx *db.Tx, op string, id int64) (Person, error) {
	p, err := db.One(ctx, tx, scanPerson, sqlFindPerson, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Person{}, errs.New(errs.NotFound, op, "team.error.person-not-found")
	}
	if err != nil {
		return Person{}, fmt.Errorf("person: %w", err)
	}
	p.TeamIDs, err = db.All(ctx, tx, db.Value[int64], sqlTeamsOfPerson, id)
	if err != nil {
		return Person{}, fmt.Errorf("person's teams: %w", err)
	}
	return p, nil
}

const sqlTeamsOfPerson = `SELECT team_id FROM team_members WHERE person_id = $1 ORDER BY team_id`

func scanPerson(row db.Scanner) (Person, error) {
	var p Person
	var roles string
	err := row.Scan(&p.ID, &p.Version, &p.Name, &p.Email, &p.Language, &p.Phone, &p.JobTitle, &roles, &p.Active,
		&p.Theme, &p.Density, &p.HasPassword, &p.TwoFactor, &p.CreatedAt, &p.SignedInAt)
	p.Roles = splitRoles(roles)
	return p, err
}

const sqlInsertPerson = `
INSERT INTO team_people (version, name, email, email_key, language, phone, job_title, roles, active, theme, density,
  password, totp_secret, totp_pending, totp_step, created_at, signed_in_at)
VALUES (1, $1, $2, $3, $4, $5, $6, $7, TRUE, $8, $9, $10, '', '', 0, $11, 0) RETURNING id`

// insertPerson stores a new active person and returns the id.
func insertPerson(ctx context.Context, tx *db.Tx, op string, p Person, password string) (int64, error) {
	var id int64
	err := tx.QueryRow(ctx, sqlInsertPerson, p.Name, p.Email, emailKey(p.Email), p.Language, p.Phone, p.JobTitle,
		joinRoles(p.Roles), p.Theme, p.Density, password, p.CreatedAt).Scan(&id)
	if db.IsUnique(err) {
		return 0, errs.InvalidFields(op, errs.Field("email", "errors.field-taken"))
	}
	if err != nil {
		return 0, fmt.Errorf("insert person: %w", err)
	}
	return id, nil
}

const sqlUpdatePerson = `
UPDATE team_people SET version = version + 1, name = $2, email = $3, email_key = $4, language = $5, phone = $6,
  job_title = $7, roles = $8, active = $9, theme = $10, density = $11
WHERE id = $1`

func updatePerson(ctx context.Context, tx *db.Tx, op string, p Person) error {
	_, err := tx.Exec(ctx, sqlUpdatePerson, p.ID, p.Name, p.Email, emailKey(p.Email), p.Language, p.Phone, p.JobTitle,
		joinRoles(p.Roles), p.Active, p.Theme, p.Density)
	if db.IsUnique(err) {
		return errs.InvalidFields(op, errs.Field("email", "errors.field-taken"))
	}
	if err != nil {
		return fmt.Errorf("update person: %w", err)
	}
	return nil
}

const (
	sqlLeaveTeams = `DELETE FROM team_members WHERE person_id = $1`
	sqlJoinTeam   = `INSERT INTO team_members (team_id, person_id) VALUES ($1, $2)`
)

func setTeams(ctx context.Context, tx *db.Tx, op string, personID int64, teamIDs []int64) error {
	if _, err := tx.Exec(ctx, sqlLeaveTeams, personID); err != nil {
		return fmt.Errorf("leave teams: %w", err)
	}
	for _, id := range teamIDs {
		if _, err := db.One(ctx, tx, db.Value[int64], sqlTeamExists, id); errors.Is(err, sql.ErrNoRows) {
			return errs.InvalidFields(op, errs.Field("teams", "errors.field-not-chosen"))
		} else if err != nil {
			return fmt.Errorf("team: %w", err)
		}
		if _, err := tx.Exec(ctx, sqlJoinTeam, id, personID); err != nil {
			return fmt.Errorf("join team: %w", err)
		}
	}
	return nil
}

const sqlTeamExists = `SELECT id FROM team_teams WHERE id = $1`

// credentials are a person's secrets, read only where they are checked.
type credentials struct {
	id       int64
	active   bool
	password string
	key      string // of one-time codes
	pending  string // key not confirmed yet
}

const (
	sqlCredentialsByEmail = `
SELECT id, active, password, totp_secret, totp_pending FROM team_people WHERE email_key = $1`
	sqlCredentialsByID = `
SELECT id, active, password, totp_secret, totp_pending FROM team_people WHERE id = $1`
)

func scanCredentials(row db.Scanner) (credentials, error) {
	var c credentials
	err := row.Scan(&c.id, &c.active, &c.password, &c.key, &c.pending)
	return c, err
}

// credentials reads a person's secrets by e-mail address (its key) or id; the
// zero value if there is no such person.
func (s *Service) credentials(ctx context.Context, statement string, by any) (credentials, error) {
	var c credentials
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		c, err = db.One(ctx, tx, scanCredentials, statement, by)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return credentials{}, nil
	}
	if err != nil {
		return credentials{}, fmt.Errorf("credentials: %w", err)
	}
	return c, nil
}

const sqlSetPassword = `UPDATE team_people SET password = $2 WHERE id = $1`

func setPassword(ctx context.Context, tx *db.Tx, personID int64, hash string) error {
	if _, err := tx.Exec(ctx, sqlSetPassword, personID, hash); err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return nil
}

const sqlSetSignedIn = `UPDATE team_people SET signed_in_at = $2 WHERE id = $1`

func setSignedIn(ctx context.Context, tx *db.Tx, personID int64, at clock.Instant) error {
	if _, err := tx.Exec(ctx, sqlSetSignedIn, personID, at); err != nil {
		return fmt.Errorf("set last sign-in: %w", err)
	}
	return nil
}

func joinRoles(roles []authz.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, ",")
}

func splitRoles(s string) []authz.Role {
	var roles []authz.Role
	for word := range strings.SplitSeq(s, ",") {
		if r := authz.Role(word); r.Valid() {
			roles = append(roles, r)
		}
	}
	return roles
}

// touched tells whether a statement changed a row.
func touched(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}
