package mergeweb

import (
	"context"
	"net/http"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/phone"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// comparison is two customers side by side. Into is who stays, if nothing else
// is chosen.
type comparison struct {
	cards   [2]customers.Card
	numbers [2]string
	into    int64
	differ  []line
	same    []line
	lists   []list
	problem string
}

// line is a field of both; picked is whose value is right, if nothing else is
// chosen.
type line struct {
	name, label string
	texts       [2]string
	picked      int64
}

// list is what both have of a kind, all of which is kept.
type list struct {
	label string
	items [2][]string
}

func (p *Pages) showComparison(w http.ResponseWriter, r *http.Request) error {
	if _, err := authz.Require(r.Context(), "mergeweb.showComparison", merging.Right); err != nil {
		return err
	}
	c, into, err := p.compare(r)
	if err != nil {
		return err
	}
	if into != 0 {
		return web.Redirect(w, r, customerPath(into))
	}
	return render(w, r, c, http.StatusOK)
}

func render(w http.ResponseWriter, r *http.Request, c comparison, status int) error {
	ctx := r.Context()
	pg := page.Page{
		Title: i18n.T(ctx, "customers.merge.title"), Subtitle: i18n.T(ctx, "customers.merge.text"),
		Breadcrumbs: []page.Crumb{{Label: c.cards[0].Name, Href: customerPath(c.cards[0].ID)}}, Failed: c.problem != "",
	}
	return web.PageStatus(w, r, status, pg, compareBody(c))
}

// compare reads both customers of the address; goTo is where to go instead if
// they are one already.
func (p *Pages) compare(r *http.Request) (c comparison, goTo int64, err error) {
	ctx := r.Context()
	for i, name := range []string{"id", "other"} {
		id, err := web.PathID(r, name)
		if err != nil {
			return c, 0, err
		}
		if c.cards[i], err = p.Customers.FindCard(ctx, id); err != nil {
			return c, 0, err
		}
		if into := c.cards[i].MergedIntoID; into != 0 {
			return c, into, nil
		}
		c.numbers[i] = customers.FormatNumber(p.Company.Defaults(ctx).NumberPrefix, c.cards[i].Number)
	}
	a, b := &c.cards[0], &c.cards[1]
	if a.ID == b.ID {
		return c, a.ID, nil
	}
	c.into = a.ID
	if b.Quality > a.Quality || b.Quality == a.Quality && b.ID < a.ID {
		c.into = b.ID
	}
	if err := p.plain(ctx, &c); err != nil {
		return c, 0, err
	}
	if err := p.custom(ctx, &c); err != nil {
		return c, 0, err
	}
	c.hanging(ctx)
	return c, 0, nil
}

// plain sets the plain fields side by side.
func (p *Pages) plain(ctx context.Context, c *comparison) error {
	texts, err := p.Customers.InWords(ctx, c.cards[0].Customer, c.cards[1].Customer)
	if err != nil {
		return err
	}
	for _, f := range customers.PlainFields() {
		l := line{name: f.Name(), label: i18n.T(ctx, f.Label()), texts: [2]string{texts[0][f.Name()], texts[1][f.Name()]}}
		if f.Readable(ctx) {
			c.add(l, f.Same(&c.cards[0].Customer, &c.cards[1].Customer))
		}
	}
	return nil
}

// custom sets the company's own fields side by side.
func (p *Pages) custom(ctx context.Context, c *comparison) error {
	if p.Fields == nil {
		return nil
	}
	defs, err := p.Fields.Fields(ctx, customers.RecordType)
	if err != nil {
		return err
	}
	for _, d := range defs {
		l := line{name: "custom." + d.Slug, label: d.In(ctx)}
		for i := range c.cards {
			l.texts[i] = fields.Display(ctx, d.Question, c.cards[i].Custom[d.Slug])
		}
		if !d.Archived {
			c.add(l, l.texts[0] == l.texts[1])
		}
	}
	return nil
}

// add puts a field where it belongs: one that neither has is left out.
func (c *comparison) add(l line, same bool) {
	switch {
	case l.texts[0] == "" && l.texts[1] == "":
	case same:
		c.same = append(c.same, l)
	default:
		stays := c.side(c.into)
		if l.texts[stays] == "" {
			stays = 1 - stays
		}
		l.picked = c.cards[stays].ID
		c.differ = append(c.differ, l)
	}
}

func (c *comparison) side(id int64) int {
	if c.cards[1].ID == id {
		return 1
	}
	return 0
}

// hanging lists what is kept of both.
func (c *comparison) hanging(ctx context.Context) {
	kinds := []struct {
		label string
		of    func(customers.Card) []string
	}{
		{"customers.change.points", func(card customers.Card) (all []string) {
			for _, p := range card.Points {
				if p.Kind == customers.Phone {
					p.Value = phone.Format(p.Value)
				}
				all = append(all, p.Value)
			}
			return all
		}},
		{"customers.change.contacts", func(card customers.Card) (all []string) {
			for _, p := range card.Contacts {
				all = append(all, p.Name)
			}
			return all
		}},
		{"customers.change.addresses", func(card customers.Card) (all []string) {
			for _, a := range card.Addresses {
				all = append(all, strings.Trim(a.City+", "+a.Street, ", "))
			}
			return all
		}},
		{"customers.change.tags", func(card customers.Card) (all []string) {
			for _, t := range card.Tags {
				all = append(all, t.Name)
			}
			return all
		}},
	}
	for _, k := range kinds {
		l := list{label: i18n.T(ctx, k.label), items: [2][]string{k.of(c.cards[0]), k.of(c.cards[1])}}
		if len(l.items[0])+len(l.items[1]) > 0 {
			c.lists = append(c.lists, l)
		}
	}
}

// merge does what was chosen, and leads to the customer that stayed.
func (p *Pages) merge(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	c, goTo, err := p.compare(r)
	if err != nil {
		return err
	}
	if goTo != 0 {
		return web.Redirect(w, r, customerPath(goTo))
	}
	stays := c.side(in.ID("into"))
	from, into := c.cards[1-stays], c.cards[stays]
	order := merging.Order{
		From: from.ID, Into: into.ID, Choices: map[string]merging.Side{},
		FromVersion: in.ID("version-" + idText(from.ID)), IntoVersion: in.ID("version-" + idText(into.ID)),
	}
	for i, l := range c.differ {
		switch chosen := in.ID("field-" + l.name); chosen {
		case from.ID:
			order.Choices[l.name], c.differ[i].picked = merging.From, chosen
		case into.ID:
			order.Choices[l.name], c.differ[i].picked = merging.Into, chosen
		}
	}
	m, err := p.Merging.Merge(ctx, order)
	if kind := errs.KindOf(err); err != nil && (kind == errs.Conflict || kind == errs.Invalid) {
		c.into, c.problem = into.ID, web.ProblemOf(ctx, err).Detail
		return render(w, r, c, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return goOn(w, r, customerPath(m.IntoID), toast.Toast{
		Text: i18n.T(ctx, "customers.merge.done", "Name", m.FromName), UndoURL: "/merges/" + idText(m.ID) + "/undo",
	})
}

// fieldNames are fields as people call them.
func (p *Pages) fieldNames(ctx context.Context, names []string) string {
	var all []string
	for _, f := range customers.PlainFields() {
		for _, name := range names {
			if name == f.Name() {
				all = append(all, i18n.T(ctx, f.Label()))
			}
		}
	}
	for _, name := range names {
		if slug, custom := strings.CutPrefix(name, "custom."); custom {
			all = append(all, slug)
		}
	}
	return strings.Join(all, ", ")
}
