package customersweb

import (
	"context"
	"net/http"
	"net/url"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
)

// readingPage is one leaf of the file read like a book.
type readingPage struct {
	customers.Reading
	customer customers.Customer
}

// showReading opens the file at an item (?at=), or at its beginning.
func (p *Pages) showReading(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	rp := readingPage{}
	if rp.customer, err = p.customers.Find(ctx, id); err != nil {
		return err
	}
	if rp.Reading, err = p.customers.ReadingPage(ctx, id, r.URL.Query().Get("at")); err != nil {
		return err
	}
	pg := page.Page{
		Title: i18n.T(ctx, "customers.dossier-reading.title", "Name", rp.customer.Name), Heading: rp.customer.Name,
		Width: page.Narrow, Actions: readingActions(rp),
	}
	return web.Page(w, r, pg, readingBody(rp))
}

func (p readingPage) at(key string) string {
	return customerPath(p.customer.ID) + "/read?" + url.Values{"at": {key}}.Encode()
}

func (p readingPage) when(ctx context.Context) string {
	return i18n.LongDate(ctx, dayOf(ctx, p.Item.At)) + ", " + i18n.Time(ctx, p.Item.At)
}
