package customers

import (
	"context"
	"maps"
	"slices"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

// A Result is what became of one of many new customers.
type Result struct {
	Customer Customer
	EntryID  int64 // of the journal
	Err      error // why it was not created; about its fields if Invalid
}

// batch is how many customers share a transaction; small enough that nobody
// waits noticeably for it.
const batch = 250

// Create adds a customer with everything given, in one transaction.
func (s *Service) Create(ctx context.Context, in NewCustomer) (Customer, error) {
	const op = "customers.Create"
	scope, err := authz.Require(ctx, op, "customers.create")
	if err != nil {
		return Customer{}, err
	}
	r := s.createOne(ctx, op, scope, in)
	return r.Customer, r.Err
}

// createOne creates a customer in a transaction of its own.
func (s *Service) createOne(ctx context.Context, op string, scope authz.Scope, in NewCustomer) Result {
	var r Result
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		results, err := s.create(ctx, tx, scope, []NewCustomer{in})
		if err != nil {
			return err
		}
		r = results[0]
		return r.Err
	})
	if err != nil {
		return Result{Err: errs.Wrap(op, explain(op, err))}
	}
	return r
}

// CreateMany adds many customers, each on its own: one that cannot be created
// does not stop the others. Transactions are short, so what is done when ctx
// ends stays done. The error tells that the rest was not tried.
func (s *Service) CreateMany(ctx context.Context, all []NewCustomer) ([]Result, error) {
	const op = "customers.CreateMany"
	scope, err := authz.Require(ctx, op, "customers.create")
	if err != nil {
		return nil, err
	}
	results := make([]Result, 0, len(all))
	defaults := s.defaults(ctx)
	for len(results) < len(all) {
		part := slices.Clone(all[len(results):min(len(all), len(results)+batch)])
		for i := range part {
			part[i].Prepare(defaults)
		}
		var done []Result
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			done, err = s.CreateIn(ctx, tx, part)
			return err
		})
		if err != nil && len(part) > 1 && ctx.Err() == nil && errs.KindOf(err) != errs.Unavailable {
			done, err = s.createEach(ctx, op, scope, part), nil
		}
		if err != nil {
			return results, errs.Wrap(op, err)
		}
		results = append(results, done...)
	}
	return results, nil
}

// createEach finds the one of a batch that the database does not take.
func (s *Service) createEach(ctx context.Context, op string, scope authz.Scope, part []NewCustomer) []Result {
	results := make([]Result, len(part))
	for i, in := range part {
		results[i] = s.createOne(ctx, op, scope, in)
	}
	return results
}

// CreateIn adds customers within the caller's transaction, as CreateMany does.
// After an error the transaction cannot go on; what only concerns one customer
// is in its Result.
func (s *Service) CreateIn(ctx context.Context, tx *db.Tx, all []NewCustomer) ([]Result, error) {
	const op = "customers.CreateIn"
	scope, err := authz.Require(ctx, op, "customers.create")
	if err != nil {
		return nil, err
	}
	results, err := s.create(ctx, tx, scope, all)
	return results, errs.Wrap(op, explain(op, err))
}

// draft is a new customer on its way into the file.
type draft struct {
	card   Card
	tags   []string
	words  []word // but the number, which is given in the transaction
	result *Result
}

func (s *Service) create(ctx context.Context, tx *db.Tx, scope authz.Scope, all []NewCustomer) ([]Result, error) {
	results := make([]Result, len(all))
	drafts := make([]*draft, 0, len(all))
	known, err := s.known(ctx, tx, all)
	if err != nil {
		return nil, err
	}
	for i, in := range all {
		d, err := s.draft(ctx, scope, in, known)
		if err != nil {
			results[i].Err = err
			continue
		}
		d.result = &results[i]
		drafts = append(drafts, d)
	}
	if len(drafts) == 0 {
		return results, nil
	}
	if err := insertDrafts(ctx, tx, drafts); err != nil {
		return nil, err
	}
	return results, s.finish(ctx, tx, drafts)
}

// finish writes custom values and the journal, and tells other modules, which
// may have to do something with a new customer.
func (s *Service) finish(ctx context.Context, tx *db.Tx, drafts []*draft) error {
	custom, err := s.newCustom(ctx, tx, drafts)
	if err != nil {
		return err
	}
	entries := make([]journal.Entry, len(drafts))
	for i, d := range drafts {
		c := &d.card
		told := c.facts()
		c.tell(told)
		if len(d.tags) > 0 {
			told["tags"] = d.tags
		}
		maps.Copy(told, customNames(custom[i]))
		entries[i] = journal.Entry{Kind: "customers.created", Subject: c.ref(), CustomerID: c.ID, After: told}
	}
	ids, err := journal.WriteAll(ctx, tx, entries)
	if err != nil {
		return err
	}
	for i, d := range drafts {
		d.result.Customer, d.result.EntryID = d.card.Customer, ids[i]
		if err := tell(ctx, tx, s.events.created, d.card.Customer); err != nil {
			return err
		}
	}
	return nil
}

// newCustom keeps the custom values of new customers.
func (s *Service) newCustom(ctx context.Context, tx *db.Tx, drafts []*draft) ([]map[string]any, error) {
	if s.fields == nil {
		return make([]map[string]any, len(drafts)), nil
	}
	ids, values := make([]int64, len(drafts)), make([]map[string]any, len(drafts))
	for i, d := range drafts {
		ids[i], values[i] = d.card.ID, d.card.Custom
	}
	return s.fields.WriteNew(ctx, tx, RecordType, ids, values)
}

// ref is how the journal points at the customer.
func (c *Customer) ref() journal.Ref { return journal.Ref{Type: RecordType, ID: c.ID} }

// tell adds to an entry of the journal what hangs on the card.
func (c *Card) tell(entry map[string]any) {
	if len(c.Points) > 0 {
		entry["points"] = c.Points
	}
	if len(c.Contacts) > 0 {
		entry["contacts"] = c.Contacts
	}
	if len(c.Addresses) > 0 {
		entry["addresses"] = c.Addresses
	}
	if len(c.Dates) > 0 {
		entry["dates"] = c.Dates
	}
}

// customNames are the names of custom values in the journal and in filters.
func customNames(values map[string]any) map[string]any {
	named := make(map[string]any, len(values))
	for slug, v := range values {
		named["custom."+slug] = v
	}
	return named
}

// explain says of a reference to what is not there, and of an id that is
// taken, what can be done about it.
func explain(op string, err error) error {
	switch {
	case err == nil || errs.KindOf(err) != errs.Internal:
		return err
	case db.IsUnique(err):
		return errs.New(errs.Conflict, op, "customers.error.external-id-taken").Because(err)
	case db.IsForeignKey(err):
		return errs.New(errs.Invalid, op, "customers.error.reference-missing").Because(err)
	}
	return err
}
