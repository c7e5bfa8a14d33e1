package customersweb

import (
	"context"
	"net/http"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

const (
	newPath     = listPath + "/new"
	importPath  = "/imports/new?kind=customers"
	similarPath = newPath + "/similar"
)

// newForm is the form of a new customer, as typed.
type newForm struct {
	trouble
	Kind                                 customers.Kind
	Name, LegalName, TaxID, VATID        string
	Phone, Email, Website, Country, City string
	Street, Language, Tags, SourceNote   string
	Terms, AddressForm                   string
	SourceID, OwnerID, TeamID            int64
	ParentID, RecommendedByID            int64
	ParentName, RecommendedByName        string
	Birthday                             clock.Day
	ContactName, Position                string
	custom                               map[string][]string // as typed, by slug
	dir                                  directory
	similar                              []customers.Hit
	schema                               *filter.Schema
}

// open tells whether something is filled in among the further fields, or wrong
// there.
func (f newForm) open() bool {
	for _, name := range []string{"legal_name", "tax_id", "vat_id", "website", "language", "birthday", "terms", "address_form", "street", "source_note"} {
		if f.of(name) != "" {
			return true
		}
	}
	for name := range f.fields {
		if strings.HasPrefix(name, "custom.") {
			return true
		}
	}
	return f.LegalName+f.TaxID+f.VATID+f.Website+f.Terms+f.AddressForm+f.Street != ""
}

func (p *Pages) showNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if _, err := authz.Require(ctx, "customersweb.showNew", "customers.create"); err != nil {
		return err
	}
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	f := readNew(in)
	f.OwnerID = authz.From(ctx).UserID
	if f.dir, err = p.directory(ctx); err != nil {
		return err
	}
	if f.Country == "" {
		f.Country = f.dir.company.Country
	}
	if f.TeamID == 0 && len(authz.From(ctx).TeamIDs) == 1 {
		f.TeamID = authz.From(ctx).TeamIDs[0]
	}
	return p.renderNew(w, r, f)
}

// readNew reads the form as typed; what cannot be read is noted in in.
func readNew(in *web.Form) newForm {
	f := newForm{
		Kind: customers.Kind(in.Text("kind")), Name: in.Text("name"), LegalName: in.Text("legal_name"), TaxID: in.Text("tax_id"),
		VATID: in.Text("vat_id"), Phone: in.Text("phone"), Email: in.Text("email"), Website: in.Text("website"),
		Country: in.Text("country"), City: in.Text("city"), Street: in.Text("street"), Language: in.Text("language"),
		Tags: in.Text("tags"), SourceNote: in.Text("source_note"), Terms: in.Lines("terms"), AddressForm: in.Text("address_form"),
		SourceID: in.ID("source"), OwnerID: in.ID("owner"), TeamID: in.ID("team"), ParentID: in.ID("parent"),
		RecommendedByID: in.ID("recommended_by"), ParentName: in.Text("parent-text"), RecommendedByName: in.Text("recommended_by-text"),
		Birthday: in.Day("birthday"), ContactName: in.Text("contact"), Position: in.Text("position"), custom: map[string][]string{},
	}
	if f.Kind != customers.Person {
		f.Kind = customers.Organisation
	}
	for name := range in.Values {
		if slug, ok := strings.CutPrefix(name, "custom."); ok {
			f.custom[slug] = in.All(name)
		}
	}
	return f
}

// customer is what the form asks to be created.
func (f newForm) customer() customers.NewCustomer {
	c := customers.NewCustomer{
		Customer: customers.Customer{
			Kind: f.Kind, Name: f.Name, LegalName: f.LegalName, TaxID: f.TaxID, VATID: f.VATID, Website: f.Website,
			Country: f.Country, Language: f.Language, SourceID: f.SourceID, SourceNote: f.SourceNote, OwnerID: f.OwnerID,
			TeamID: f.TeamID, ParentID: f.ParentID, RecommendedByID: f.RecommendedByID, Terms: f.Terms,
			AddressForm: f.AddressForm, Birthday: f.Birthday,
		},
	}
	if f.Phone != "" {
		c.Phones = []string{f.Phone}
	}
	if f.Email != "" {
		c.Emails = []string{f.Email}
	}
	if f.City+f.Street != "" {
		c.Addresses = []customers.Address{{City: f.City, Street: f.Street, Country: f.Country, Main: true}}
	}
	if f.ContactName != "" {
		c.Contacts = []customers.Contact{{Name: f.ContactName, Position: f.Position, Main: true}}
	}
	for tag := range strings.SplitSeq(f.Tags, ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			c.Tags = append(c.Tags, tag)
		}
	}
	return c
}

func (p *Pages) createCustomer(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	f := readNew(in)
	if f.dir, err = p.directory(ctx); err != nil {
		return err
	}
	c := f.customer()
	c.Custom = f.answers(in)
	if err = in.Err("customersweb.create"); err == nil {
		var made customers.Customer
		if made, err = p.customers.Create(ctx, c); err == nil {
			return goOn(w, r, customerPath(made.ID), toast.Toast{Text: i18n.T(ctx, "customers.list-new.done", "Name", made.Name, "Number", f.dir.number(made.Number))})
		}
	}
	t, ok := troubleOf(ctx, err)
	if !ok {
		return err
	}
	f.trouble = t
	return p.renderNew(w, r, f)
}

// answers reads the custom fields; what cannot be read is noted in in.
func (f newForm) answers(in *web.Form) map[string]any {
	values := map[string]any{}
	for _, def := range f.dir.fields {
		typed, asked := f.custom[def.Slug]
		if def.Archived || !asked {
			continue
		}
		v, err := fields.ParseText(def.Question, strings.Join(typed, "; "), fields.Writing{})
		if err != nil {
			in.Errors = append(in.Errors, errs.FieldsOf(err)...)
			continue
		}
		values[def.Slug] = v
	}
	return values
}

func (p *Pages) renderNew(w http.ResponseWriter, r *http.Request, f newForm) error {
	ctx := r.Context()
	if err := p.wordsFor(ctx, &f.dir, "source"); err != nil {
		return err
	}
	if err := p.nameChosen(ctx, &f); err != nil {
		return err
	}
	var err error
	if f.schema, err = p.customers.Schema(ctx); err != nil {
		return err
	}
	if f.any() || f.Name+f.Phone+f.Email != "" {
		if f.similar, err = p.customers.Similar(ctx, f.customer()); err != nil {
			return err
		}
	}
	title := i18n.T(ctx, "customers.list-new.organisation")
	if f.Kind == customers.Person {
		title = i18n.T(ctx, "customers.list-new.person")
	}
	pg := page.Page{Title: title, Width: page.Narrow, Breadcrumbs: crumbs(ctx), Failed: f.any(), Tabs: kindTabs(f)}
	return web.PageStatus(w, r, f.status(), pg, newCustomer(f))
}

// nameChosen names the customers already chosen, as after an error or from a
// link that brings one along.
func (p *Pages) nameChosen(ctx context.Context, f *newForm) error {
	for id, name := range map[int64]*string{f.ParentID: &f.ParentName, f.RecommendedByID: &f.RecommendedByName} {
		if id == 0 || *name != "" {
			continue
		}
		found, err := p.customers.Find(ctx, id)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		*name = found.Name
	}
	return nil
}

// showSimilar is the hint that the customer may be in the file already, for
// what is typed so far.
func (p *Pages) showSimilar(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	f := readNew(in)
	if f.dir, err = p.directory(r.Context()); err != nil {
		return err
	}
	if f.Country == "" {
		f.Country = f.dir.company.Country
	}
	if f.similar, err = p.customers.Similar(r.Context(), f.customer()); err != nil {
		return err
	}
	return web.Render(w, r, alreadyHere(f))
}
