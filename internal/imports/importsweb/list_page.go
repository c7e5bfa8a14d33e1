package importsweb

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/badge"
	"kartoteka.dev/internal/platform/ui/menu"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/table"
	"kartoteka.dev/internal/platform/web"
)

const listSize = 50

// listPage is the list of imports, newest first.
type listPage struct {
	Imports []imports.Import
	Before  int64 // 0: the first page
	Next    string
	Now     clock.Instant
}

func (p *Pages) showList(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	l := listPage{Before: in.ID("before"), Now: clock.InstantOf(p.clock.Now())}
	if l.Imports, err = p.imports.List(ctx, l.Before, listSize+1); err != nil {
		return err
	}
	if len(l.Imports) > listSize {
		l.Imports = l.Imports[:listSize]
		l.Next = Path + "?before=" + idText(l.Imports[listSize-1].ID)
	}
	if web.IsFragment(r) && l.Before != 0 {
		return web.Render(w, r, table.Table(l.table(ctx)))
	}
	if web.IsFragment(r) && in.Flag("list") {
		return web.Render(w, r, listBody(l))
	}
	pg := page.Page{Title: i18n.T(ctx, "imports.list.title"), Subtitle: i18n.T(ctx, "imports.list.text"), Actions: listActions(p.samples(ctx))}
	return web.Page(w, r, pg, listBody(l))
}

// busy tells that some import is under way, so that the list should be read
// again soon. It is not while a further page is open.
func (l listPage) busy() bool {
	for _, i := range l.Imports {
		if i.State == imports.Queued || i.State == imports.Running {
			return l.Before == 0
		}
	}
	return false
}

func (l listPage) table(ctx context.Context) table.Props {
	t := table.Props{ID: "imports", Caption: i18n.T(ctx, "imports.list.title"), Next: l.Next, Empty: listEmpty(), Columns: []table.Column{
		{Label: i18n.T(ctx, "imports.list.file"), Class: table.Main},
		{Label: i18n.T(ctx, "imports.list.state")},
		{Label: i18n.T(ctx, "imports.count.created"), Class: table.Number},
		{Label: i18n.T(ctx, "imports.count.updated"), Class: table.Number},
		{Label: i18n.T(ctx, "imports.count.skipped"), Class: table.Number},
		{Label: i18n.T(ctx, "imports.count.rejected"), Class: table.Number},
		{Label: i18n.T(ctx, "imports.list.who")},
		{Label: i18n.T(ctx, "imports.list.when"), Class: table.NoWrap},
	}}
	for _, i := range l.Imports {
		t.Rows = append(t.Rows, table.Row{ID: idText(i.ID), Name: i.FileName, Cells: []templ.Component{
			fileCell(i), stateCell(i), countCell(i, i.Created), countCell(i, i.Updated), countCell(i, i.Skipped), countCell(i, i.Rejected),
			table.Text(i.ByName), whenCell(i, l.Now),
		}})
	}
	return t
}

// samplePath is the address of a file that shows what can be imported.
func samplePath(kind string, f imports.Format) string {
	return Path + "/sample?" + url.Values{"kind": {kind}, "format": {string(f)}}.Encode()
}

// samples are the sample files of all kinds, for a menu.
func (p *Pages) samples(ctx context.Context) []menu.Item {
	var items []menu.Item
	for _, t := range p.imports.Targets {
		items = append(items,
			menu.Item{Label: i18n.T(ctx, "imports.sample.xlsx"), Icon: "file-spreadsheet", Href: samplePath(t.Kind(), imports.XLSX), Attrs: templ.Attributes{"download": true}},
			menu.Item{Label: i18n.T(ctx, "imports.sample.csv"), Icon: "file-text", Href: samplePath(t.Kind(), imports.CSV), Attrs: templ.Attributes{"download": true}},
		)
	}
	return items
}

var stateTones = map[imports.State]badge.Tone{
	imports.Draft: badge.Plain, imports.Queued: badge.Info, imports.Running: badge.Info, imports.Done: badge.Good,
	imports.Failed: badge.Bad, imports.Cancelled: badge.Warn,
}

// stateText is the state in a word; a trial run says that it was one.
func stateText(ctx context.Context, i imports.Import) string {
	if i.DryRun && i.State == imports.Done {
		return i18n.T(ctx, "imports.state.tried")
	}
	return i18n.T(ctx, i.State.Label())
}
