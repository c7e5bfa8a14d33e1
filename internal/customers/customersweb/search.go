package customersweb

import (
	"context"
	"net/http"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/lexicon"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/dialog"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
)

const (
	searchPath  = "/search"
	matchesPath = listPath + "/matches"
	peoplePath  = "/people/matches"
)

// shownHits is how many customers the search box offers; the page shows more.
const (
	shownHits  = 12
	foundHits  = 100
	shownNames = 20
)

// search answers the box for search and commands, and without script is a page
// of its own.
func (p *Pages) search(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	q := strings.TrimSpace(clip(r.URL.Query().Get("q"), 200))
	limit := foundHits
	if web.IsFragment(r) {
		limit = shownHits
	}
	hits, err := p.customers.Search(ctx, q, limit)
	if err != nil {
		return err
	}
	company, err := p.team.Settings(ctx)
	if err != nil {
		return err
	}
	results := make([]dialog.Result, len(hits))
	for i, h := range hits {
		below := second(ctx, company.NumberPrefix, h)
		results[i] = dialog.Result{
			Label: h.Name, Second: below, Icon: kindIcon(h.Kind), Href: customerPath(h.ID),
			LabelPieces: marked(h.Name, q), SecondPieces: marked(below, q),
		}
	}
	if web.IsFragment(r) {
		return web.Render(w, r, dialog.PaletteResults([]dialog.ResultGroup{{Title: i18n.T(ctx, "customers.list-page.title"), Results: results}}))
	}
	pg := page.Page{Title: i18n.T(ctx, "common.search"), Width: page.Narrow}
	return web.Page(w, r, pg, searchPage(q, results))
}

// marked cuts a text where it matches what was searched for.
func marked(text, q string) []dialog.Piece {
	pieces := lexicon.Pieces(text, q)
	out := make([]dialog.Piece, len(pieces))
	for i, p := range pieces {
		out[i] = dialog.Piece{Text: p.Text, Marked: p.Match}
	}
	return out
}

// second is what stands below a found customer's name: the number and by what
// it was found, unless its name says so already.
func second(ctx context.Context, prefix string, h customers.Hit) string {
	parts := []string{customers.FormatNumber(prefix, h.Number)}
	if h.Why.Kind == "name" && h.Why.Text != h.Name {
		parts = append(parts, h.Why.Text)
	} else if h.Why.Kind != "name" && h.Why.Kind != "number" {
		parts = append(parts, whyText(ctx, h))
	}
	if h.State != customers.Active {
		parts = append(parts, stateName(ctx, h.State))
	}
	return strings.Join(parts, " · ")
}

func kindIcon(k customers.Kind) string {
	if k == customers.Person {
		return "user"
	}
	return "building-2"
}

// matches answers what a combobox for a customer asks.
func (p *Pages) matches(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	q := r.URL.Query()
	hits, err := p.customers.Search(ctx, q.Get("q"), shownNames)
	if err != nil {
		return err
	}
	company, err := p.team.Settings(ctx)
	if err != nil {
		return err
	}
	var options []field.Option
	for _, h := range hits {
		if kind := q.Get("kind"); kind == "" || kind == string(h.Kind) {
			options = append(options, field.Option{Value: idText(h.ID), Label: h.Name, Hint: second(ctx, company.NumberPrefix, h)})
		}
	}
	return web.Render(w, r, field.Matches(options))
}

// peopleMatches answers what a combobox for a colleague asks.
func (p *Pages) peopleMatches(w http.ResponseWriter, r *http.Request) error {
	people, err := p.team.People(r.Context())
	if err != nil {
		return err
	}
	key := fold.Key(r.URL.Query().Get("q"))
	var options []field.Option
	for _, c := range people {
		if c.Active && strings.Contains(fold.Key(c.Name), key) && len(options) < shownNames {
			options = append(options, field.Option{Value: idText(c.ID), Label: c.Name})
		}
	}
	return web.Render(w, r, field.Matches(options))
}
