package customers

import (
	"context"
	"maps"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

// alteration is one change of a customer or of what hangs on it.
type alteration struct {
	op         string
	permission string
	id         int64
	version    int64  // that the caller has seen; 0: whatever it is
	kind       string // of the journal's entry
	fromState  State  // the state it must be in; "" for anything but erased
	edit       func(tx *db.Tx, c *Card, was, is map[string]any) error
	hangs      bool  // the edit writes to the tables of what hangs on it: it is read again
	allowed    error // not nil: a right over the field is missing
	handlers   *[]Handler
	parting    bool // it is about a merged customer, which nothing else changes
}

// outcome is what an alteration came to; EntryID is 0 if nothing changed.
type outcome struct {
	card    Card
	entryID int64
}

type txKey struct{}

// Within has the changes made with the context join a transaction: one row of
// an import may change several things of a customer.
func Within(ctx context.Context, tx *db.Tx) context.Context {
	return context.WithValue(ctx, txKey{}, tx)
}

// write makes an alteration in a transaction of its own, or in the one the
// context is within.
func (s *Service) write(ctx context.Context, a alteration) (out outcome, err error) {
	if tx, ok := ctx.Value(txKey{}).(*db.Tx); ok {
		out, err = s.alter(ctx, tx, a)
		return out, errs.Wrap(a.op, explain(a.op, err))
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		out, err = s.alter(ctx, tx, a)
		return err
	})
	return out, errs.Wrap(a.op, explain(a.op, err))
}

// alter is the one way in which a customer changes: the row is locked, rights
// and version are checked, words and quality follow, the journal is told, and
// so are those who asked for it. An edit that changes nothing leaves no trace.
func (s *Service) alter(ctx context.Context, tx *db.Tx, a alteration) (outcome, error) {
	c, err := s.reachable(ctx, tx, a)
	if err != nil {
		return outcome{}, err
	}
	card := &Card{Customer: c}
	if err := fill(ctx, tx, []*Card{card}); err != nil {
		return outcome{}, err
	}
	words := card.words()
	was, is := map[string]any{}, map[string]any{}
	if err := a.edit(tx, card, was, is); err != nil {
		return outcome{}, err
	}
	attributesWere, attributesAre := differences(&c, &card.Customer)
	maps.Copy(was, attributesWere)
	maps.Copy(is, attributesAre)
	if len(was) == 0 && len(is) == 0 && c.State == card.State {
		return outcome{card: *card}, nil
	}
	if a.hangs {
		card = &Card{Customer: card.Customer}
		if err := fill(ctx, tx, []*Card{card}); err != nil {
			return outcome{}, err
		}
	}
	card.Quality = card.score()
	card.Version++
	card.ChangedAt = tx.Now()
	if err := update(ctx, tx, &card.Customer); err != nil {
		return outcome{}, err
	}
	if err := moveWords(ctx, tx, card.ID, words, card.words()); err != nil {
		return outcome{}, err
	}
	entryID, err := journal.Write(ctx, tx, journal.Entry{
		Kind: a.kind, Subject: c.ref(), CustomerID: c.ID, Before: some(was), After: some(is),
	})
	if err != nil {
		return outcome{}, err
	}
	handlers := a.handlers
	if handlers == nil {
		handlers = &s.events.changed
	}
	return outcome{*card, entryID}, tell(ctx, tx, *handlers, card.Customer)
}

// some leaves an empty side out of the journal.
func some(facts map[string]any) any {
	if len(facts) == 0 {
		return nil
	}
	return facts
}

// reachable locks a customer the actor may see and change.
func (s *Service) reachable(ctx context.Context, tx *db.Tx, a alteration) (Customer, error) {
	scope, err := authz.Require(ctx, a.op, a.permission)
	if err != nil {
		return Customer{}, err
	}
	c, err := findCustomer(ctx, tx, a.op, a.id, true)
	if err != nil {
		return Customer{}, err
	}
	view, _ := authz.Require(ctx, a.op, "customers.view") // without the right it sees nothing
	switch {
	case !view.Allows(c.OwnerID, c.TeamID):
		return Customer{}, errNotFound(a.op)
	case !scope.Allows(c.OwnerID, c.TeamID):
		return Customer{}, errs.New(errs.Forbidden, a.op, "customers.error.beyond-scope")
	case a.allowed != nil:
		return Customer{}, a.allowed
	case c.State == Erased:
		return Customer{}, errs.New(errs.Conflict, a.op, "customers.error.erased")
	case c.State == Merged && !a.parting:
		return Customer{}, errMerged(a.op)
	case a.fromState != "" && c.State != a.fromState:
		return Customer{}, errs.New(errs.Conflict, a.op, "customers.error.state-changed")
	case a.version != 0 && a.version != c.Version:
		return Customer{}, errStale(ctx, tx, a.op, c)
	}
	return c, nil
}

func errMerged(op string) error { return errs.New(errs.Conflict, op, "customers.error.merged") }

// Rewriting is a change of a customer that another part of the file makes
// within its own transaction.
type Rewriting struct {
	Op, Permission string
	ID, Version    int64  // see Change
	Kind           string // of the journal's entry
	Parting        bool   // of a merged customer
	// Edit changes the card and the tables of what hangs on it, and tells the
	// journal what was and what is; plain fields tell themselves.
	Edit func(tx *db.Tx, c *Card, was, is map[string]any) error
}

// Rewrite makes the change as every other is made (rights, version, words,
// quality, journal, those who are told) and gives the card as it is then, with
// all its fields, and the id of the journal's entry.
func (s *Service) Rewrite(ctx context.Context, tx *db.Tx, r Rewriting) (Card, int64, error) {
	if _, err := authz.Require(ctx, r.Op, r.Permission); err != nil {
		return Card{}, 0, err
	}
	out, err := s.alter(ctx, tx, alteration{
		op: r.Op, permission: r.Permission, id: r.ID, version: r.Version, kind: r.Kind, hangs: true, parting: r.Parting, edit: r.Edit,
	})
	return out.card, out.entryID, errs.Wrap(r.Op, explain(r.Op, err))
}

// errStale says who changed the customer since the caller read it.
func errStale(ctx context.Context, tx *db.Tx, op string, c Customer) error {
	last, err := journal.List(ctx, tx, journal.Query{CustomerID: c.ID, Limit: 1})
	if err != nil {
		return err
	}
	name := ""
	if len(last) > 0 {
		name = last[0].ActorName
	}
	if name == "" {
		return errs.New(errs.Conflict, op, "customers.error.changed-meanwhile")
	}
	return errs.New(errs.Conflict, op, "customers.error.changed-by", "Name", name)
}

// Patch is what to change of a customer: only what is not nil. Custom values
// go by slug, and nil empties one.
type Patch struct {
	Kind               *Kind
	Name               *string
	LegalName          *string
	ParentID           *int64
	OwnerID            *int64
	TeamID             *int64
	Language           *string
	Country            *string
	TimeZone           *string
	TaxID              *string
	VATID              *string
	Website            *string
	SourceID           *int64
	SourceName         *string // instead of SourceID: found by name or added
	SourceNote         *string
	RecommendedByID    *int64
	Terms              *string
	PreferredChannel   *Channel
	AddressForm        *string
	Competitors        *string
	DoNotContactBefore *clock.Day
	Birthday           *clock.Day
	ExternalSource     *string
	ExternalID         *string
	Custom             map[string]any
}

func set[T any](at, value *T) {
	if value != nil {
		*at = *value
	}
}

func (p Patch) apply(c *Customer) {
	set(&c.Kind, p.Kind)
	set(&c.Name, p.Name)
	set(&c.LegalName, p.LegalName)
	set(&c.ParentID, p.ParentID)
	set(&c.OwnerID, p.OwnerID)
	set(&c.TeamID, p.TeamID)
	set(&c.Language, p.Language)
	set(&c.Country, p.Country)
	set(&c.TimeZone, p.TimeZone)
	set(&c.TaxID, p.TaxID)
	set(&c.VATID, p.VATID)
	set(&c.Website, p.Website)
	set(&c.SourceID, p.SourceID)
	set(&c.SourceNote, p.SourceNote)
	set(&c.RecommendedByID, p.RecommendedByID)
	set(&c.Terms, p.Terms)
	set(&c.PreferredChannel, p.PreferredChannel)
	set(&c.AddressForm, p.AddressForm)
	set(&c.Competitors, p.Competitors)
	set(&c.DoNotContactBefore, p.DoNotContactBefore)
	set(&c.Birthday, p.Birthday)
	set(&c.ExternalSource, p.ExternalSource)
	set(&c.ExternalID, p.ExternalID)
}

// Change sets what the patch gives. version is the one the caller has seen; if
// somebody changed the customer since, the error is a Conflict that names them.
// 0 changes whatever there is.
func (s *Service) Change(ctx context.Context, id, version int64, p Patch) (Customer, error) {
	const op = "customers.Change"
	if _, err := authz.Require(ctx, op, "customers.edit"); err != nil {
		return Customer{}, err
	}
	out, err := s.write(ctx, s.changing(ctx, op, id, version, p))
	return out.card.blank(ctx).Customer, err
}

// ChangeIn is Change within the caller's transaction; it also gives the id of
// the journal's entry, 0 if nothing changed.
func (s *Service) ChangeIn(ctx context.Context, tx *db.Tx, id, version int64, p Patch) (Customer, int64, error) {
	const op = "customers.ChangeIn"
	if _, err := authz.Require(ctx, op, "customers.edit"); err != nil {
		return Customer{}, 0, err
	}
	out, err := s.alter(ctx, tx, s.changing(ctx, op, id, version, p))
	return out.card.blank(ctx).Customer, out.entryID, errs.Wrap(op, explain(op, err))
}

func (s *Service) changing(ctx context.Context, op string, id, version int64, p Patch) alteration {
	return alteration{
		op: op, permission: "customers.edit", id: id, version: version, kind: "customers.changed",
		edit: func(tx *db.Tx, c *Card, was, is map[string]any) error {
			before := c.Customer
			p.apply(&c.Customer)
			if p.SourceName != nil {
				if err := setSource(ctx, tx, &c.Customer, *p.SourceName); err != nil {
					return err
				}
			}
			if err := s.settle(ctx, tx, op, &before, &c.Customer); err != nil {
				return err
			}
			return s.writeCustom(ctx, tx, c.ID, p.Custom, was, is)
		},
	}
}

func setSource(ctx context.Context, tx *db.Tx, c *Customer, name string) error {
	sources, err := db.All(ctx, tx, scanSource, sqlSources)
	if err != nil {
		return err
	}
	k := &known{byName: namesOf(sources), sources: map[int64]bool{}}
	if err := k.wantSource(ctx, tx, name); err != nil {
		return err
	}
	c.SourceID = k.byName.find(name)
	return nil
}

// settle tidies and checks a changed customer against the rules, the file and
// the actor's field rights.
func (s *Service) settle(ctx context.Context, tx *db.Tx, op string, before, c *Customer) error {
	c.tidy()
	bad := c.check()
	if err := checkLinks(ctx, tx, before, c, &bad); err != nil {
		return err
	}
	if len(bad) > 0 {
		return errs.InvalidFields(op, bad...)
	}
	return mayChange(ctx, op, before, c)
}

// writeCustom keeps custom values and tells the journal of those that changed.
func (s *Service) writeCustom(ctx context.Context, tx *db.Tx, id int64, values, was, is map[string]any) error {
	if len(values) == 0 || s.fields == nil {
		return nil
	}
	before, after, err := s.fields.Write(ctx, tx, RecordType, id, values)
	maps.Copy(was, customNames(before))
	maps.Copy(is, customNames(after))
	return err
}
