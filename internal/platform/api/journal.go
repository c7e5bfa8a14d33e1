package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/journal"
)

// JournalEntry is an entry of the journal.
type JournalEntry struct {
	ID         int64         `json:"id"`
	At         string        `json:"at" format:"date-time"`
	Kind       string        `json:"kind" example:"customers.changed"`
	ActorKind  string        `json:"actor_kind" enum:"person,token,system,anonymous"`
	ActorID    int64         `json:"actor_id,omitempty" doc:"The person, or the token."`
	Actor      string        `json:"actor"`
	Subject    string        `json:"subject" doc:"What it is about: customer, file, person…"`
	SubjectID  int64         `json:"subject_id"`
	CustomerID int64         `json:"customer_id,omitempty"`
	RequestID  string        `json:"request_id,omitempty"`
	Before     JournalDetail `json:"before,omitempty"`
	After      JournalDetail `json:"after,omitempty"`
}

// JournalDetail is JSON as it was written, absent once it was erased.
type JournalDetail json.RawMessage

// MarshalJSON implements json.Marshaler.
func (d JournalDetail) MarshalJSON() ([]byte, error) { return json.RawMessage(d).MarshalJSON() }

// Schema implements huma.SchemaProvider.
func (JournalDetail) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true, Description: "The fields the entry tells of; absent once erased."}
}

type journalInput struct {
	After      After  `query:"after" minimum:"0" doc:"Entries behind this one, oldest first and without a gap: how a follower goes on. 0 begins at the beginning."`
	Before     int64  `query:"before" minimum:"0" doc:"Entries before this one, newest first, instead."`
	Newest     bool   `query:"newest" doc:"From the end, newest first, instead."`
	CustomerID int64  `query:"customer_id" minimum:"1"`
	PersonID   int64  `query:"person_id" minimum:"1" doc:"What this person did."`
	Kind       string `query:"kind" doc:"Exactly this kind, such as customers.changed; or a module, such as team, for all of its kinds: newest first, unless after is given."`
	From       string `query:"from" format:"date" doc:"Since this day of the company, newest first."`
	To         string `query:"to" format:"date" doc:"Until the end of this day of the company, newest first."`
	Undoable   bool   `query:"undoable" doc:"Only what can be undone, newest first."`
	Limit      int    `query:"limit" minimum:"1" maximum:"1000" default:"50"`
}

// After is where a follower goes on; Set tells 0 from nothing said.
type After struct {
	ID  int64
	Set bool
}

// Receiver implements huma.ParamWrapper.
func (a *After) Receiver() reflect.Value { return reflect.ValueOf(&a.ID).Elem() }

// OnParamSet implements huma.ParamReactor.
func (a *After) OnParamSet(set bool, _ any) { a.Set = set }

// Schema implements huma.SchemaProvider.
func (After) Schema(_ huma.Registry) *huma.Schema {
	least := 0.0
	return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: &least}
}

// JournalKinds are the kinds of entries there are.
type JournalKinds struct {
	Of       func(choice string) []string // those a choice stands for: a kind, or a module
	Undoable []string                     // those that can be taken back, for UndoTime
	UndoTime time.Duration
	// Tell takes out of entries what the actor may not know; nil: nothing.
	Tell func(ctx context.Context, entries []journal.Record) ([]journal.Record, error)
}

// RegisterJournal adds the operation that reads the journal.
func RegisterJournal(a *API, d *db.DB, kinds JournalKinds) {
	a.Describe(Group{Name: "journal", Text: "Everything that happened: who, when, what, before and after."})
	source := journalSource{d, journal.NewFeed(d)}
	Register(a, Operation{
		ID: "list-journal", Method: http.MethodGet, Path: "/api/v1/journal", Group: "journal", Summary: "Read the journal",
		Text: "next is the id to go on from: as after, or as before when reading from the newest. Needs the right journal.view; before and after are absent of customers the token does not see, and without the fields that are hidden from it.",
	}, func(ctx context.Context, in *journalInput) (*struct{ Body List[JournalEntry] }, error) {
		return readJournal(ctx, source, kinds, in)
	})
}

// query is what is asked of the journal; none tells that nothing can satisfy
// it. What is chosen by more than one kind or by time comes newest first.
func (in *journalInput) query(ctx context.Context, op string, kinds JournalKinds, now clock.Instant) (q journal.Query, none bool, err error) {
	q = journal.Query{CustomerID: in.CustomerID, ActorID: in.PersonID, Kind: in.Kind, Limit: in.Limit, AfterID: in.After.ID, BeforeID: in.Before}
	zone := i18n.From(ctx).Zone
	if zone == nil {
		zone = time.UTC
	}
	if in.From != "" {
		day, err := clock.ParseDay(in.From)
		if err != nil {
			return q, false, errs.InvalidFields(op, errs.Field("from", "errors.field-not-a-date", "Example", "2027-01-31"))
		}
		q.From = clock.InstantOf(day.Time(zone))
	}
	if in.To != "" {
		day, err := clock.ParseDay(in.To)
		if err != nil {
			return q, false, errs.InvalidFields(op, errs.Field("to", "errors.field-not-a-date", "Example", "2027-01-31"))
		}
		q.To = clock.InstantOf(day.AddDays(1).Time(zone))
	}
	module := in.Kind != "" && !strings.Contains(in.Kind, ".")
	if module || in.Undoable || q.From != 0 || q.To != 0 {
		q.Kind, q.Kinds = "", nil
		if in.Kind != "" {
			q.Kinds = kinds.Of(in.Kind)
			none = len(q.Kinds) == 0
		}
		if in.Undoable {
			q.Kept, q.From = true, max(q.From, now.Add(-kinds.UndoTime))
			all := q.Kinds
			q.Kinds = nil
			for _, k := range kinds.Undoable {
				if in.Kind == "" || slices.Contains(all, k) {
					q.Kinds = append(q.Kinds, k)
				}
			}
			none = none || len(q.Kinds) == 0
		}
		q.Follow = in.After.Set
		if q.Follow && (in.Undoable || q.From != 0 || q.To != 0) {
			return q, none, errs.InvalidFields(op, errs.Field("after", "errors.journal-newest-only"))
		}
		return q, none, nil
	}
	q.Follow = in.Before == 0 && !in.Newest
	return q, none, nil
}

// journalSource is where entries are read from, in either direction.
type journalSource struct {
	db   *db.DB
	feed *journal.Feed
}

func (s journalSource) read(ctx context.Context, q journal.Query) (records []journal.Record, err error) {
	if q.Follow {
		return s.feed.Read(ctx, q)
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		records, err = journal.List(ctx, tx, q)
		return err
	})
	return records, err
}

func readJournal(ctx context.Context, source journalSource, kinds JournalKinds, in *journalInput) (*struct{ Body List[JournalEntry] }, error) {
	const op = "api.readJournal"
	if _, err := authz.Require(ctx, op, "journal.view"); err != nil {
		return nil, err
	}
	var records []journal.Record
	q, none, err := in.query(ctx, op, kinds, clock.InstantOf(source.db.Clock().Now()))
	if err == nil && !none {
		records, err = source.read(ctx, q)
	}
	if err == nil && kinds.Tell != nil {
		records, err = kinds.Tell(ctx, records)
	}
	if err != nil {
		return nil, errs.Wrap(op, err)
	}
	items := make([]JournalEntry, len(records))
	for i, r := range records {
		items[i] = JournalEntry{
			ID: r.ID, At: Moment(r.At), Kind: r.Kind, ActorKind: string(r.ActorKind), ActorID: r.ActorID, Actor: r.ActorName,
			Subject: r.Subject.Type, SubjectID: r.Subject.ID, CustomerID: r.CustomerID, RequestID: r.RequestID,
			Before: JournalDetail(r.Before), After: JournalDetail(r.After),
		}
	}
	next := ""
	if len(items) == in.Limit {
		next = strconv.FormatInt(items[len(items)-1].ID, 10)
	}
	return &struct{ Body List[JournalEntry] }{ListOf(items, next)}, nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (d *JournalDetail) UnmarshalJSON(data []byte) error {
	*d = append((*d)[:0], data...)
	return nil
}
