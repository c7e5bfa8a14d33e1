package customersweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/timeline"
	"kartoteka.dev/internal/platform/web"
)

const journalPath = "/journal"

// journalPage is what happened in the whole company.
type journalPage struct {
	query customers.JournalQuery
	items []customers.JournalItem
	next  int64
	shown clock.Day // that the page before ended with
	dir   directory
}

func (p *Pages) showJournal(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	jp := journalPage{query: customers.JournalQuery{PersonID: in.ID("person"), CustomerID: in.ID("customer"), BeforeID: in.ID("before")}}
	day, _ := strconv.Atoi(in.Text("day"))
	jp.shown = clock.Day(day)
	if err := in.Err("customersweb.showJournal"); err != nil {
		return err
	}
	if jp.items, jp.next, err = p.customers.Journal(ctx, jp.query); err != nil {
		return err
	}
	if jp.dir, err = p.directory(ctx); err != nil {
		return err
	}
	if web.IsFragment(r) && jp.query.BeforeID != 0 {
		return web.Render(w, r, journalItems(jp))
	}
	return web.Page(w, r, page.Page{Title: i18n.T(ctx, "customers.dossier-journal.title")}, journalBody(jp))
}

// more is the address of the page that follows.
func (p journalPage) more(ctx context.Context) string {
	if p.next == 0 {
		return ""
	}
	q := url.Values{"before": {idText(p.next)}, "day": {strconv.Itoa(int(dayOf(ctx, p.items[len(p.items)-1].At)))}}
	if p.query.PersonID != 0 {
		q.Set("person", idText(p.query.PersonID))
	}
	if p.query.CustomerID != 0 {
		q.Set("customer", idText(p.query.CustomerID))
	}
	return pathWith(journalPath, q)
}

// days sets the entries under their days.
func (p journalPage) days(ctx context.Context) []timeline.Day {
	var all []timeline.Day
	shown, d := p.shown, dossierPage{dir: p.dir}
	for _, t := range p.items {
		day := dayOf(ctx, t.At)
		if len(all) == 0 || day != shown {
			next := timeline.Day{Title: d.dayTitle(ctx, day)}
			if day == shown {
				next.Title = ""
			}
			all, shown = append(all, next), day
		}
		last := &all[len(all)-1]
		last.Items = append(last.Items, timeline.Item{
			Icon: touchIcons[t.Kind], Title: t.Title, ID: "t-" + t.Key, Meta: t.Who + " · " + i18n.Time(ctx, t.At), Show: journalMore(t),
		})
	}
	return all
}
