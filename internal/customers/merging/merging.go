// Package merging makes one customer of two, and parts them again for 90 days.
//
// Merging moves what hangs on one customer to the other, the survivor: rows
// change their customer id, nothing is copied or deleted. What the survivor has
// already (the same phone, the same tag) stays behind, hidden with its
// customer. The row of the merged one stays with all its fields in the state
// customers.Merged and leads to the survivor; its number and its id in other
// systems find the survivor.
//
// Parting takes every row back that is still there, wherever it was before.
// What came after the merge stays with the survivor, unless it hangs on a
// contact that goes back. Fields of the survivor that the merge changed go back
// if they still have the value it gave them; otherwise the newer one stays.
//
// It works on the tables of the customer file and owns customers_merges and
// customers_merge_moves. Other modules move what they have about a customer by
// handling OnMerged and OnUnmerged in the same transaction.
package merging

import (
	"context"
	"encoding/json"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/journal"
)

// Right is needed to merge and to part; it must reach both customers.
const Right = "customers.merge"

// Permissions are the rights of this package.
var Permissions = []authz.Permission{
	{ID: Right, Label: "customers.permission.merge", Scoped: true, Default: map[authz.Role]authz.Level{
		authz.Administrator: authz.All, authz.Head: authz.All, authz.Supervisor: authz.Team, authz.Manager: authz.Own,
	}},
}

// Fields are the custom values and filled forms of customers.
type Fields interface {
	Values(ctx context.Context, tx *db.Tx, recordType string, ids []int64) (map[int64]map[string]any, error)
	Write(ctx context.Context, tx *db.Tx, recordType string, recordID int64, values map[string]any) (before, after map[string]any, err error)
	HandOver(ctx context.Context, tx *db.Tx, h fields.Handing) ([]int64, error)
}

// Deps are what the service needs.
type Deps struct {
	DB        *db.DB
	Customers *customers.Service
	Company   customers.Company
	Fields    Fields // nil: there are no custom fields
}

// Service merges and parts; safe for concurrent use.
type Service struct {
	Deps

	merged, unmerged []Handler
}

// New makes the service, and has the customer file undo merges and erase what
// is known of them with a person.
func New(d Deps) *Service {
	s := &Service{Deps: d}
	d.Customers.OnErased(func(ctx context.Context, tx *db.Tx, c customers.Customer) error {
		_, err := tx.Exec(ctx, sqlForget, c.ID)
		return err
	})
	d.Customers.Undoes("customers.merged", func(ctx context.Context, tx *db.Tx, entry journal.Record) error {
		var told struct {
			MergeID int64 `json:"merge_id"`
		}
		if err := json.Unmarshal(entry.After, &told); err != nil {
			return err
		}
		_, err := s.unmerge(ctx, tx, told.MergeID)
		return err
	})
	return s
}

// Merge is one customer merged into another.
type Merge struct {
	ID        int64
	FromID    int64
	IntoID    int64
	FromState customers.State // before
	At        clock.Instant
	ByID      int64 // 0: not a person
	ByName    string
	UndoneAt  clock.Instant // 0: it stands
	EntryID   int64         // of the journal; only from Merge itself

	FromName   string // as it is called now
	FromNumber int64

	chosen chosen
}

// A Handler is told of a merge or a parting within its transaction: what it
// does is kept or lost together with it.
type Handler func(ctx context.Context, tx *db.Tx, m Merge) error

// OnMerged tells fn of every merge, when everything in the file has moved.
func (s *Service) OnMerged(fn Handler) { s.merged = append(s.merged, fn) }

// OnUnmerged tells fn of every parting, when everything is back.
func (s *Service) OnUnmerged(fn Handler) { s.unmerged = append(s.unmerged, fn) }

func tell(ctx context.Context, tx *db.Tx, handlers []Handler, m Merge) error {
	for _, fn := range handlers {
		if err := fn(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

// chosen are the fields of the survivor that a merge changed.
type chosen struct {
	Fields        map[string]change `json:"fields,omitempty"`          // by the names of customers.PlainFields
	Custom        map[string]change `json:"custom,omitempty"`          // by slug
	LastContactAt clock.Instant     `json:"last_contact_at,omitempty"` // before
}

type change struct {
	Was json.RawMessage `json:"was"`
	Is  json.RawMessage `json:"is"`
}
