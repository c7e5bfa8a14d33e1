package teamweb

import (
	"net/http"
	"strconv"

	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
)

// whyPage answers "why can I see this?".
type whyPage struct {
	Explanation team.Explanation
	Person      string // whose rights; empty: the reader's own
	Record      Record
	Owner       string
	Team        string
}

// showWhy explains a permission over a record, both named in the address:
// /why?permission=customers.view&customer=123. With person=7 it explains
// another person's rights, to those who set them.
func (p *Pages) showWhy(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	var wp whyPage
	if wp.Record, err = p.findRecord(r); err != nil {
		return err
	}
	permission, personID := in.Text("permission"), in.ID("person")
	if personID == 0 {
		wp.Explanation, err = p.team.Explain(ctx, permission, wp.Record.OwnerID, wp.Record.TeamID)
	} else {
		wp.Explanation, err = p.team.ExplainPerson(ctx, personID, permission, wp.Record.OwnerID, wp.Record.TeamID)
	}
	if err != nil {
		return err
	}
	names, err := p.team.Names(ctx, wp.Record.OwnerID, personID)
	if err != nil {
		return err
	}
	teams, err := p.team.TeamNames(ctx, wp.Record.TeamID)
	if err != nil {
		return err
	}
	wp.Owner, wp.Person, wp.Team = names[wp.Record.OwnerID], names[personID], teams[wp.Record.TeamID]
	pg := page.Page{Title: i18n.T(ctx, "teamweb.why.title"), Width: page.Narrow}
	return web.Page(w, r, pg, whyView(wp))
}

// findRecord finds the record the address names by its kind.
func (p *Pages) findRecord(r *http.Request) (Record, error) {
	q := r.URL.Query()
	for kind, finder := range p.records {
		if !q.Has(kind) {
			continue
		}
		recordID, err := strconv.ParseInt(q.Get(kind), 10, 64)
		if err != nil || recordID <= 0 {
			break
		}
		return finder.FindRecord(r.Context(), recordID)
	}
	return Record{}, errs.New(errs.NotFound, "teamweb.showWhy", "errors.page-not-found")
}
