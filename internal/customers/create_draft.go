package customers

import (
	"context"
	"slices"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
)

// known is what new customers refer to, read once for all of them.
type known struct {
	defaults Defaults
	sources  map[int64]bool
	byName   sourceNames
	depths   map[int64]int  // of parents: 1 for a head office; absent if no organisation
	there    map[int64]bool // customers that recommend
}

func (s *Service) known(ctx context.Context, tx *db.Tx, all []NewCustomer) (*known, error) {
	k := &known{defaults: s.defaults(ctx), sources: map[int64]bool{}}
	sources, err := db.All(ctx, tx, scanSource, sqlSources)
	if err != nil {
		return nil, err
	}
	for _, src := range sources {
		k.sources[src.ID] = src.JoinedInto == 0
	}
	k.byName = namesOf(sources)
	var parents, recommending []int64
	for _, in := range all {
		if in.ParentID != 0 {
			parents = append(parents, in.ParentID)
		}
		if in.RecommendedByID != 0 {
			recommending = append(recommending, in.RecommendedByID)
		}
		if err := k.wantSource(ctx, tx, in.SourceName); err != nil {
			return nil, err
		}
	}
	if k.depths, err = depths(ctx, tx, parents); err != nil {
		return nil, err
	}
	k.there, err = present(ctx, tx, recommending)
	return k, err
}

// wantSource adds a source that is given by a name we do not know.
func (k *known) wantSource(ctx context.Context, tx *db.Tx, name string) error {
	name = trim(name)
	if fold.Key(name) == "" || k.byName.find(name) != 0 || len([]rune(name)) > MaxShort {
		return nil
	}
	id, err := insertSource(ctx, tx, name)
	k.byName.add(name, id)
	k.sources[id] = true
	return err
}

const selectDepths = `
WITH RECURSIVE up (start, id, parent_id, depth) AS (
  SELECT c.id, c.id, c.parent_id, 1 FROM customers_customers c WHERE c.kind = 'organisation' AND c.state NOT IN ('erased', 'merged') AND c.id`

const selectDepthsEnd = `
  UNION ALL
  SELECT up.start, c.id, c.parent_id, up.depth + 1 FROM up JOIN customers_customers c ON c.id = up.parent_id WHERE up.depth < 20
)
SELECT start, MAX(depth) FROM up GROUP BY start`

// depths gives for organisations how many levels there are from the head
// office down to them.
func depths(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]int, error) {
	return pairs[int](ctx, tx, ids, selectDepths, selectDepthsEnd)
}

// present tells which of the customers are in the file.
func present(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]bool, error) {
	return pairs[bool](ctx, tx, ids, `SELECT id, TRUE FROM customers_customers WHERE state NOT IN ('erased', 'merged') AND id`, "")
}

// pairs reads two columns into a map, many ids at a time.
func pairs[V any](ctx context.Context, tx *db.Tx, ids []int64, statement, end string) (map[int64]V, error) {
	found := make(map[int64]V, len(ids))
	for len(ids) > 0 {
		part := ids[:min(len(ids), maxArgs)]
		ids = ids[len(part):]
		_, err := db.All(ctx, tx, func(s db.Scanner) (none struct{}, err error) {
			var id int64
			var v V
			err = s.Scan(&id, &v)
			found[id] = v
			return none, err
		}, statement+in(0, len(part))+end, anys(part)...)
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// ready is a new customer in the form that is kept, checked as far as that can
// be done without the file.
type ready struct {
	card  Card
	tags  []string
	words []word // but the number
	bad   problems
}

// Prepare does what can be done about a new customer before the transaction
// that creates it; whoever creates many calls it beforehand, from a goroutine
// of its own. Nothing may be changed afterwards.
func (in *NewCustomer) Prepare(d Defaults) {
	c := Card{Customer: in.Customer, Contacts: in.Contacts, Custom: in.Custom}
	c.ID, c.Number, c.State, c.Version = 0, 0, Active, 1
	c.CreatedAt, c.ChangedAt, c.Quality = 0, 0, 0
	c.tidy()
	if c.Kind == "" {
		c.Kind = Organisation
	}
	r := &ready{bad: c.checkOwn()}
	r.tags = tidyTags(in.Tags, &r.bad)
	c.hang(*in, d, &r.bad)
	if len(r.bad) == 0 {
		r.words = c.words()
	}
	r.card, in.ready = c, r
}

// draft checks a new customer against the file and the actor's rights.
func (s *Service) draft(ctx context.Context, scope authz.Scope, in NewCustomer, k *known) (*draft, error) {
	const op = "customers.Create"
	if in.ready == nil {
		in.Prepare(k.defaults)
	}
	d := &draft{card: in.ready.card, tags: in.ready.tags, words: in.ready.words}
	c := &d.card
	if c.SourceID == 0 {
		c.SourceID = k.byName.find(in.SourceName)
	}
	if c.OwnerID == 0 && scope.Level < authz.All {
		c.OwnerID = scope.UserID
	}
	bad := slices.Clone(in.ready.bad)
	bad.when(c.SourceID <= 0, "source", "customers.error.source-missing")
	bad.when(c.SourceID > 0 && !k.sources[c.SourceID], "source", "errors.field-not-chosen")
	k.links(c, &bad)
	if len(bad) > 0 {
		return nil, errs.InvalidFields(op, bad...)
	}
	if !scope.Allows(c.OwnerID, c.TeamID) {
		return nil, errs.New(errs.Forbidden, op, "customers.error.beyond-scope")
	}
	if err := mayCreate(ctx, op, d.card); err != nil {
		return nil, err
	}
	for _, t := range d.tags {
		d.card.Tags = append(d.card.Tags, Tag{Name: t})
	}
	d.card.Quality = d.card.score()
	return d, nil
}

func (k *known) links(c *Card, bad *problems) {
	if c.ParentID != 0 {
		depth, ok := k.depths[c.ParentID]
		switch {
		case !ok:
			bad.add("parent", "customers.error.parent-no-organisation")
		case depth >= MaxDepth:
			bad.add("parent", "customers.error.too-deep", "Max", MaxDepth)
		}
	}
	bad.when(c.RecommendedByID != 0 && !k.there[c.RecommendedByID], "recommended_by", "customers.error.not-found")
}

// hang checks and tidies what is to hang on a new customer.
func (c *Card) hang(in NewCustomer, defaults Defaults, bad *problems) {
	country := c.Country
	if country == "" {
		country = defaults.Country
	}
	points := make([]Point, 0, len(in.Phones)+len(in.Emails)+len(in.Points))
	points = append(points, tidyPoints(asPoints(Phone, in.Phones), country, "phones", bad)...)
	points = append(points, tidyPoints(asPoints(Email, in.Emails), country, "emails", bad)...)
	points = append(points, tidyPoints(in.Points, country, "points", bad)...)
	c.Points = uniquePoints(points, "points", bad)
	for i, a := range in.Addresses {
		a.tidy()
		if a.Country == "" {
			a.Country = c.Country
		}
		a.check(indexed("addresses", i), bad)
		a.Main = i == 0 && !hasMain(in.Addresses) || a.Main
		c.Addresses = append(c.Addresses, a)
	}
	c.Contacts = nil
	for i, contact := range in.Contacts {
		contact.tidy()
		field := indexed("contacts", i)
		contact.check(field, bad)
		contact.Points = tidyPoints(contact.Points, country, field+".points", bad)
		contact.Version = 1
		c.Contacts = append(c.Contacts, contact)
	}
	for i, d := range in.Dates {
		d.ContactID = 0
		d.check(indexed("dates", i), bad)
		c.Dates = append(c.Dates, d)
	}
	if len(c.Addresses) > maxEach || len(c.Contacts) > maxEach || len(c.Dates) > maxEach {
		bad.add("contacts", "customers.error.too-many", "Max", maxEach)
	}
}

func asPoints(kind PointKind, values []string) []Point {
	points := make([]Point, 0, len(values))
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			points = append(points, Point{Kind: kind, Value: v, Main: len(points) == 0})
		}
	}
	return points
}

func hasMain(all []Address) bool {
	for _, a := range all {
		if a.Main {
			return true
		}
	}
	return false
}

// mayCreate refuses to fill in what the actor may not change.
func mayCreate(ctx context.Context, op string, c Card) error {
	if err := mayChange(ctx, op, &Customer{}, &c.Customer); err != nil {
		return err
	}
	if len(c.Points) > 0 {
		if err := mayWrite(ctx, op, rightPoints); err != nil {
			return err
		}
	}
	if len(c.Addresses) > 0 {
		return mayWrite(ctx, op, rightAddresses)
	}
	return nil
}
