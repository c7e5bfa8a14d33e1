package team

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// Team is people who work together: the "team" level of a right reaches the
// records of the teams a person belongs to or heads.
type Team struct {
	ID        int64
	Name      string
	HeadID    int64 // 0: none
	MemberIDs []int64
}

// NamedTeam is what is set about a team; who belongs to it is set at each
// person.
type NamedTeam struct {
	Name   string
	HeadID int64 // 0: none
}

// teamRecord is a team as the journal keeps it.
type teamRecord struct {
	Name   string `json:"name"`
	HeadID int64  `json:"head_id,omitempty"`
}

func (t Team) record() teamRecord { return teamRecord{t.Name, t.HeadID} }

const (
	sqlListTeams   = `SELECT id, name, COALESCE(head_id, 0) FROM team_teams ORDER BY id`
	sqlListMembers = `SELECT team_id, person_id FROM team_members ORDER BY team_id, person_id`
	sqlFindTeam    = `SELECT id, name, COALESCE(head_id, 0) FROM team_teams WHERE id = $1`
)

func listTeams(ctx context.Context, tx *db.Tx) ([]Team, error) {
	teams, err := db.All(ctx, tx, scanTeam, sqlListTeams)
	if err != nil {
		return nil, fmt.Errorf("teams: %w", err)
	}
	members, err := db.All(ctx, tx, scanMember, sqlListMembers)
	if err != nil {
		return nil, fmt.Errorf("members: %w", err)
	}
	place := make(map[int64]int, len(teams))
	for i, t := range teams {
		place[t.ID] = i
	}
	for _, m := range members {
		t := &teams[place[m[0]]]
		t.MemberIDs = append(t.MemberIDs, m[1])
	}
	return teams, nil
}

func scanTeam(row db.Scanner) (Team, error) {
	var t Team
	err := row.Scan(&t.ID, &t.Name, &t.HeadID)
	return t, err
}

func scanMember(row db.Scanner) (m [2]int64, err error) {
	err = row.Scan(&m[0], &m[1])
	return m, err
}

func findTeam(ctx context.Context, tx *db.Tx, op string, id int64) (Team, error) {
	t, err := db.One(ctx, tx, scanTeam, sqlFindTeam, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Team{}, errs.New(errs.NotFound, op, "team.error.team-not-found")
	}
	if err != nil {
		return Team{}, fmt.Errorf("team: %w", err)
	}
	return t, nil
}

const (
	sqlInsertTeam = `INSERT INTO team_teams (name, name_key, head_id) VALUES ($1, $2, $3) RETURNING id`
	sqlUpdateTeam = `UPDATE team_teams SET name = $2, name_key = $3, head_id = $4 WHERE id = $1`
	sqlDeleteTeam = `DELETE FROM team_teams WHERE id = $1`
	sqlHasMembers = `SELECT COUNT(*) FROM team_members WHERE team_id = $1`
)

// teamError blames the field that a constraint refused.
func teamError(op string, err error) error {
	switch {
	case db.IsUnique(err):
		return errs.InvalidFields(op, errs.Field("name", "errors.field-taken"))
	case db.IsForeignKey(err):
		return errs.InvalidFields(op, errs.Field("head", "errors.field-not-chosen"))
	case err != nil:
		return fmt.Errorf("team: %w", err)
	}
	return nil
}

// orNull stores 0 as "none".
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
