package customers

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/journal"
)

// look reads the names of customers and sources that entries speak of; no
// statement if they speak of none.
func (k *knowing) look(ctx context.Context, tx *db.Tx, scope authz.Scope, entries []journal.Record) error {
	customerIDs, sourceIDs := spokenOf(entries, "parent_id", "recommended_by_id"), spokenOf(entries, "source_id")
	if len(customerIDs)+len(sourceIDs) == 0 {
		return nil
	}
	rows, err := readRelated(ctx, tx, around{customers: customerIDs, sources: sourceIDs})
	if err != nil {
		return err
	}
	k.take(rows, scope)
	return nil
}

// take keeps the names among related rows that the actor may see.
func (k *knowing) take(rows []related, scope authz.Scope) {
	k.related, k.sources = map[int64]string{}, map[int64]Source{}
	for _, r := range rows {
		switch r.what {
		case "source":
			k.sources[r.ID] = Source{ID: r.ID, Name: r.Name, TextID: r.more}
		case "named":
			if scope.Allows(r.OwnerID, r.TeamID) {
				k.related[r.ID] = r.Name
			}
		}
	}
}

// spokenOf gives the ids that entries have in these fields.
func spokenOf(entries []journal.Record, names ...string) []int64 {
	var ids []int64
	for _, e := range entries {
		for _, raw := range []json.RawMessage{e.Before, e.After} {
			if len(raw) == 0 {
				continue
			}
			side := sideOf(raw)
			for _, name := range names {
				if n, ok := side[name].(json.Number); ok {
					if id, err := n.Int64(); err == nil && id != 0 && !slices.Contains(ids, id) {
						ids = append(ids, id)
					}
				}
			}
		}
	}
	return ids
}

// learnNames asks for the people and teams that a page speaks of.
func (s *Service) learnNames(ctx context.Context, k *knowing, r *recent, more ...int64) error {
	people := append(spokenOf(r.entries, "owner_id"), more...)
	for _, n := range r.notes {
		people = append(people, mentioned(n.Body)...)
	}
	for _, e := range r.entries {
		if strings.HasPrefix(e.Kind, "customers.note_") {
			people = append(people, mentioned(string(e.Before))...)
			people = append(people, mentioned(string(e.After))...)
		}
	}
	for _, f := range r.files {
		people = append(people, f.AddedByID)
	}
	if s.people == nil {
		return nil
	}
	var err error
	if k.people, err = s.people.Names(ctx, people...); err != nil {
		return err
	}
	k.teams, err = s.people.TeamNames(ctx, spokenOf(r.entries, "team_id")...)
	return err
}
