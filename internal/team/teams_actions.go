package team

import (
	"context"
	"fmt"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

// Teams gives all teams by name; from memory, open to every signed-in actor.
func (s *Service) Teams(ctx context.Context) ([]Team, error) {
	if err := authz.RequireSomeone(ctx, "team.Teams"); err != nil {
		return nil, err
	}
	snap, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	return append([]Team(nil), snap.teams...), nil
}

// TeamNames gives the name of each id that belongs to a team; from memory.
func (s *Service) TeamNames(ctx context.Context, ids ...int64) (map[int64]string, error) {
	if err := authz.RequireSomeone(ctx, "team.TeamNames"); err != nil {
		return nil, err
	}
	teams, err := s.Teams(ctx)
	if err != nil {
		return nil, err
	}
	names := make(map[int64]string, len(ids))
	for _, t := range teams {
		for _, id := range ids {
			if t.ID == id {
				names[id] = t.Name
			}
		}
	}
	return names, nil
}

// CreateTeam adds a team without members.
func (s *Service) CreateTeam(ctx context.Context, in NamedTeam) (Team, error) {
	const op = "team.CreateTeam"
	if _, err := authz.Require(ctx, op, "team.people"); err != nil {
		return Team{}, err
	}
	t, err := in.team(op)
	if err != nil {
		return Team{}, err
	}
	err = s.change(ctx, op, func(tx *db.Tx) error {
		row := tx.QueryRow(ctx, sqlInsertTeam, t.Name, teamKey(t.Name), orNull(t.HeadID))
		if err := teamError(op, row.Scan(&t.ID)); err != nil {
			return err
		}
		return write(ctx, tx, "team.team_created", teamRef(t.ID), nil, t.record())
	})
	return t, err
}

// ChangeTeam replaces a team's name and head.
func (s *Service) ChangeTeam(ctx context.Context, id int64, in NamedTeam) error {
	const op = "team.ChangeTeam"
	if _, err := authz.Require(ctx, op, "team.people"); err != nil {
		return err
	}
	t, err := in.team(op)
	if err != nil {
		return err
	}
	return s.change(ctx, op, func(tx *db.Tx) error {
		before, err := findTeam(ctx, tx, op, id)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlUpdateTeam, id, t.Name, teamKey(t.Name), orNull(t.HeadID))
		if err := teamError(op, err); err != nil {
			return err
		}
		return write(ctx, tx, "team.team_changed", teamRef(id), before.record(), t.record())
	})
}

// RemoveTeam removes a team that nobody belongs to.
func (s *Service) RemoveTeam(ctx context.Context, id int64) error {
	const op = "team.RemoveTeam"
	if _, err := authz.Require(ctx, op, "team.people"); err != nil {
		return err
	}
	return s.change(ctx, op, func(tx *db.Tx) error {
		before, err := findTeam(ctx, tx, op, id)
		if err != nil {
			return err
		}
		members, err := db.One(ctx, tx, db.Value[int], sqlHasMembers, id)
		if err != nil {
			return fmt.Errorf("members: %w", err)
		}
		if members > 0 {
			return errs.New(errs.Conflict, op, "team.error.team-not-empty")
		}
		if _, err := tx.Exec(ctx, sqlDeleteTeam, id); err != nil {
			return fmt.Errorf("delete team: %w", err)
		}
		return write(ctx, tx, "team.team_removed", teamRef(id), before.record(), nil)
	})
}

func (in NamedTeam) team(op string) (Team, error) {
	name := trim(in.Name)
	var bad fieldErrors
	if bad.text("name", name, maxName); len(bad) > 0 {
		return Team{}, errs.InvalidFields(op, bad...)
	}
	return Team{Name: name, HeadID: in.HeadID}, nil
}

func teamRef(id int64) journal.Ref { return journal.Ref{Type: "team", ID: id} }

// teamKey makes two spellings of a name the same team.
func teamKey(name string) string { return strings.ToLower(name) }
