package customersimport

import (
	"context"
	"slices"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
)

// Apply implements imports.Run: new customers all at once, changes one by one.
func (r *run) Apply(ctx context.Context, tx *db.Tx, changes []imports.Change) ([]imports.Result, error) {
	const op = "customersimport.Apply"
	results := make([]imports.Result, len(changes))
	var fresh []customers.NewCustomer
	var of []int
	for i, c := range changes {
		if c.RecordID == 0 {
			fresh, of = append(fresh, c.Record.(*record).NewCustomer), append(of, i)
		}
	}
	if len(fresh) > 0 {
		made, err := r.Customers.CreateIn(ctx, tx, fresh)
		if err != nil {
			return nil, errs.Wrap(op, err)
		}
		for n, m := range made {
			results[of[n]] = imports.Result{ID: m.Customer.ID, Problems: refusals(m.Err)}
		}
		if err := r.addNotes(ctx, tx, changes, results); err != nil {
			return nil, errs.Wrap(op, err)
		}
	}
	for i, c := range changes {
		if c.RecordID == 0 {
			continue
		}
		changed, err := r.change(ctx, tx, c.RecordID, c.Record.(*record))
		if err != nil {
			return nil, errs.Wrap(op, err)
		}
		results[i] = imports.Result{ID: c.RecordID, Unchanged: !changed}
	}
	return results, nil
}

// refusals are why a customer was not created.
func refusals(err error) []imports.Problem {
	if err == nil {
		return nil
	}
	var all []imports.Problem
	for _, f := range errs.FieldsOf(err) {
		all = append(all, imports.Problem{Column: -1, Field: f.Name, Text: f.Text})
	}
	if len(all) > 0 {
		return all
	}
	if text, ok := errs.TextOf(err); ok {
		return []imports.Problem{{Column: -1, Text: text}}
	}
	return []imports.Problem{{Column: -1, Text: errs.Text{ID: "imports.problem.refused"}}}
}

// change fills a customer in from a row: what the row has replaces what is
// there; points, tags, addresses and contacts are only added.
func (r *run) change(ctx context.Context, tx *db.Tx, id int64, rec *record) (changed bool, err error) {
	ctx = customers.Within(ctx, tx)
	before, err := r.Customers.FindCardIn(ctx, tx, id)
	if err != nil {
		return false, err
	}
	_, entry, err := r.Customers.ChangeIn(ctx, tx, id, 0, rec.patch(before.Customer))
	if err != nil {
		return false, err
	}
	added, err := r.fillIn(ctx, before, rec)
	return added || entry != 0, err
}

// fillIn adds what hangs on the row and is not there yet.
func (r *run) fillIn(ctx context.Context, before customers.Card, rec *record) (added bool, err error) {
	for _, p := range rec.Points {
		if !hasPoint(before.Points, p) {
			p.Main = false
			if _, err := r.Customers.AddPoint(ctx, before.ID, 0, p); err != nil {
				return added, err
			}
			before.Points, added = append(before.Points, p), true
		}
	}
	for _, a := range rec.Addresses {
		if !hasAddress(before.Addresses, a) {
			a.Main = len(before.Addresses) == 0
			if _, err := r.Customers.AddAddress(ctx, before.ID, 0, a); err != nil {
				return added, err
			}
			added = true
		}
	}
	for _, c := range rec.Contacts {
		if !hasContact(before.Contacts, c) {
			c.Main = len(before.Contacts) == 0
			if _, err := r.Customers.AddContact(ctx, before.ID, 0, c); err != nil {
				return added, err
			}
			added = true
		}
	}
	missing := slices.DeleteFunc(slices.Clone(rec.Tags), func(name string) bool {
		return slices.ContainsFunc(before.Tags, func(t customers.Tag) bool { return fold.Key(t.Name) == fold.Key(name) })
	})
	if len(missing) > 0 {
		return true, r.Customers.ChangeTags(ctx, before.ID, 0, missing, nil)
	}
	return added, nil
}

func hasPoint(all []customers.Point, p customers.Point) bool {
	return slices.ContainsFunc(all, func(o customers.Point) bool {
		return o.Kind == p.Kind && strings.EqualFold(o.Value, p.Value) && o.Extension == p.Extension
	})
}

func hasAddress(all []customers.Address, a customers.Address) bool {
	return slices.ContainsFunc(all, func(o customers.Address) bool {
		return strings.EqualFold(o.Street, a.Street) && strings.EqualFold(o.City, a.City) && strings.EqualFold(o.Postcode, a.Postcode) ||
			a.City == "" && a.Postcode == "" && begins(a.Street, o.Street+" "+o.Postcode+" "+o.City)
	})
}

// begins tells that an address in one line is the one that is there, with more
// behind it at most, such as the country.
func begins(line, there string) bool {
	key := fold.Key(there)
	return key != "" && strings.HasPrefix(fold.Key(line)+" ", key+" ")
}

func hasContact(all []customers.Contact, c customers.Contact) bool {
	return slices.ContainsFunc(all, func(o customers.Contact) bool { return fold.Key(o.Name) == fold.Key(c.Name) })
}

// patch is what the row says of the customer itself. The source of a customer
// who has one stays, unless the row names it.
func (rec *record) patch(before customers.Customer) customers.Patch {
	p := customers.Patch{Custom: rec.Custom}
	for _, field := range rec.given {
		switch field {
		case "kind":
			p.Kind = &rec.Kind
		case "name", "first_name", "last_name":
			p.Name = &rec.Name
		case "legal_name":
			p.LegalName = &rec.LegalName
		case "owner":
			p.OwnerID = &rec.OwnerID
		case "language":
			p.Language = &rec.Language
		case "country":
			p.Country = &rec.Country
		case "time_zone":
			p.TimeZone = &rec.TimeZone
		case "tax_id":
			p.TaxID = &rec.TaxID
		case "vat_id":
			p.VATID = &rec.VATID
		case "website":
			p.Website = &rec.Website
		case "source":
			p.SourceName = &rec.SourceName
		case "source_note":
			p.SourceNote = &rec.SourceNote
		case "terms":
			p.Terms = &rec.Terms
		case "competitors":
			p.Competitors = &rec.Competitors
		case "preferred_channel":
			p.PreferredChannel = &rec.PreferredChannel
		case "address_form":
			p.AddressForm = &rec.AddressForm
		case "do_not_contact_before":
			p.DoNotContactBefore = &rec.DoNotContactBefore
		case "birthday":
			p.Birthday = &rec.Birthday
		case "external_id":
			if before.ExternalID == "" || before.ExternalSource == rec.ExternalSource {
				p.ExternalSource, p.ExternalID = &rec.ExternalSource, &rec.ExternalID
			}
		}
	}
	return p
}

// Link implements imports.Run: parents and recommendations.
func (r *run) Link(ctx context.Context, tx *db.Tx, links []imports.Link) ([]imports.Result, error) {
	results := make([]imports.Result, len(links))
	for i, l := range links {
		patch := customers.Patch{ParentID: &l.OtherID}
		if l.Field == "recommended_by" {
			patch = customers.Patch{RecommendedByID: &l.OtherID}
		}
		_, _, err := r.Customers.ChangeIn(ctx, tx, l.RecordID, 0, patch)
		switch errs.KindOf(err) {
		case errs.Invalid, errs.Conflict, errs.Forbidden, errs.NotFound: // found before anything was written
			problems := refusals(err)
			for n := range problems {
				problems[n].Column, problems[n].Value = l.Ref.Column, l.Ref.Text
			}
			results[i].Problems = problems
		default:
			if err != nil {
				return nil, errs.Wrap("customersimport.Link", err)
			}
		}
	}
	return results, nil
}
