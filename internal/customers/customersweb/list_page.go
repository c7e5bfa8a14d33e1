package customersweb

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/filterbar"
	"kartoteka.dev/internal/platform/ui/menu"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/table"
	"kartoteka.dev/internal/platform/web"
)

const tableID = "customers"

// listPage is everything the list shows.
type listPage struct {
	address address
	opened  opened
	schema  *filter.Schema
	dir     directory
	columns []column // all there are
	shown   []column
	rows    []customers.Row
	next    string
	count   customers.Counted
	problem string // why the filter cannot be applied

	viewForm viewForm
}

func (p *Pages) showList(w http.ResponseWriter, r *http.Request) error {
	l, err := p.list(r.Context(), r.URL.Query())
	if err != nil {
		return err
	}
	ctx := r.Context()
	if web.IsFragment(r) && l.address.Cursor != "" {
		return web.Render(w, r, table.Table(l.table(ctx)))
	}
	pg := page.Page{
		Title: i18n.T(ctx, "customers.list-page.title"), Subtitle: l.counted(ctx), Width: page.Wide, Actions: listActions(l),
	}
	if l.problem != "" {
		return web.PageStatus(w, r, http.StatusUnprocessableEntity, pg, listBody(l))
	}
	return web.Page(w, r, pg, listBody(l))
}

// list reads what the address asks for. A filter that cannot be applied leaves
// the list empty and says so, so that it can be mended.
func (p *Pages) list(ctx context.Context, q url.Values) (l listPage, err error) {
	if _, err := authz.Require(ctx, "customersweb.list", "customers.view"); err != nil {
		return l, err
	}
	var trouble error
	l.address, trouble = readAddress(q)
	if l.schema, err = p.customers.Schema(ctx); err != nil {
		return l, err
	}
	if l.dir, err = p.directory(ctx); err != nil {
		return l, err
	}
	if l.opened, err = p.open(ctx, l.address, l.schema); err != nil {
		return l, err
	}
	l.columns = columnsFor(l.schema, l.dir)
	l.shown = shown(l.columns, l.opened.columns)
	if err := p.wordsFor(ctx, &l.dir, l.needed()...); err != nil {
		return l, err
	}
	p.nameCustomers(ctx, &l.dir, filter.Conditions(l.opened.filter))
	if trouble == nil && l.opened.problem == "" {
		trouble = p.read(ctx, &l)
	}
	if trouble != nil {
		if errs.KindOf(trouble) != errs.Invalid {
			return l, trouble
		}
		l.problem = web.ProblemOf(ctx, trouble).Detail
	}
	return l, nil
}

// needed are the small lists that columns and conditions speak of.
func (l listPage) needed() []string {
	names := namesOf(l.shown)
	for _, c := range filter.Conditions(l.opened.filter) {
		names = append(names, c.Field)
	}
	return names
}

// asked is the whole filter: the view's or the address's, and the search box.
func (l listPage) asked() filter.Node {
	return filter.All(l.opened.filter, quick(l.schema, l.dir.company.NumberPrefix, l.address.Search))
}

// read reads the rows, and counts them for the first page.
func (p *Pages) read(ctx context.Context, l *listPage) error {
	found, err := p.customers.List(ctx, customers.ListQuery{
		Filter: l.asked(), Sort: l.opened.sort, Cursor: l.address.Cursor, Columns: namesOf(l.shown),
	})
	if err != nil {
		return err
	}
	l.rows = found.Items
	if found.Next != "" {
		q := l.address.values()
		q.Set("cursor", found.Next)
		l.next = pathWith(listPath, q)
	}
	switch {
	case l.address.Cursor != "":
	case found.Next == "":
		l.count = customers.Counted{N: len(found.Items)}
	default:
		l.count, err = p.customers.Count(ctx, l.asked())
	}
	return err
}

// counted says how many customers there are.
func (l listPage) counted(ctx context.Context) string {
	if l.count.More {
		return i18n.T(ctx, "customers.list-page.more-than", "Number", i18n.Number(ctx, int64(l.count.N)))
	}
	return i18n.T(ctx, "customers.list-page.count", "Count", l.count.N)
}

// none tells that the whole file is empty, as far as this list can tell.
func (l listPage) none() bool {
	return l.opened.view.Key == "all" && l.opened.filter == nil && l.address.Search == "" && l.problem == ""
}

func (l listPage) table(ctx context.Context) table.Props {
	t := table.Props{
		ID: tableID, Caption: i18n.T(ctx, "customers.list-page.title"), Next: l.next, Empty: listEmpty(l), Bare: true,
	}
	if mayBulk(ctx) {
		t.Select, t.BulkAction, t.Bulk = "id", bulkPath, bulkButtons(l)
	}
	for _, c := range l.shown {
		t.Columns = append(t.Columns, l.head(ctx, c))
	}
	for _, r := range l.rows {
		row := table.Row{
			ID: idText(r.ID), Name: r.Name, Href: customerPath(r.ID), Cells: make([]templ.Component, len(l.shown)),
		}
		for i, c := range l.shown {
			row.Cells[i] = c.cell(&l.dir, r)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// head is a column's head: a click sorts by it, another one the other way
// round.
func (l listPage) head(ctx context.Context, c column) table.Column {
	f, _ := l.schema.Field(c.name)
	h := table.Column{Label: f.Label.In(ctx), Class: c.class}
	if !f.Sortable() {
		return h
	}
	by := c.name
	switch l.opened.sort {
	case c.name:
		h.Sorted, by = table.Ascending, "-"+c.name
	case "-" + c.name:
		h.Sorted = table.Descending
	}
	h.SortHref = l.address.sorted(by).href()
	return h
}

// bar is the filter as a sentence.
func (l listPage) bar(ctx context.Context) filterbar.Props {
	keep := l.address
	keep.Search = ""
	b := filterbar.Props{
		Lead: i18n.T(ctx, "customers.list-filter.lead"), Action: listPath, Keep: keep.values(),
		Search:     &filterbar.Search{Name: "q", Value: l.address.Search, Placeholder: i18n.T(ctx, "customers.list-filter.search")},
		Conditions: l.conditions(ctx), Add: l.addable(ctx), End: listTools(l),
	}
	if len(filter.Conditions(l.opened.filter)) >= filter.MaxConditions {
		b.Full = i18n.T(ctx, "customers.list-filter.full", "Max", filter.MaxConditions)
	}
	cleared := l.address.with(nil)
	cleared.Search = ""
	b.Clear = cleared.href()
	if _, anyOf, whole := parts(l.opened.filter); whole && anyOf {
		b.Join = i18n.T(ctx, "filter.word.or")
	}
	return b
}

// listMenu is what else can be done with the list.
func listMenu(ctx context.Context, l listPage) []menu.Item {
	why := ""
	if !authz.Can(ctx, "customers.export") {
		why = i18n.T(ctx, "customers.list-export.no-right")
	}
	noImport := ""
	if !authz.Can(ctx, "imports.run") {
		noImport = i18n.T(ctx, "customers.list-page.no-import")
	}
	q := l.address.values()
	return []menu.Item{
		{Label: i18n.T(ctx, "customers.list-export.xlsx"), Icon: "file-spreadsheet", Href: pathWith(exportPath+"/xlsx", q), Off: why, Attrs: templ.Attributes{"download": true}},
		{Label: i18n.T(ctx, "customers.list-export.csv"), Icon: "file-text", Href: pathWith(exportPath+"/csv", q), Off: why, Attrs: templ.Attributes{"download": true}},
		{Line: true},
		{Label: i18n.T(ctx, "customers.list-page.import"), Icon: "import", Href: importPath, Off: noImport},
	}
}
